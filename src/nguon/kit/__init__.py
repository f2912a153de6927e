"""Bedrock: clock, ids, Vietnamese text, the plug loader. Imports nothing of ours."""
