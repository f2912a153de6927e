"""Voices beyond the one that always works: services that speak for an account, and Piper from a folder.

A service is one small file: what it calls, how it asks, what its errors mean. All else is done once: `pieces` cuts,
`call` asks and asks again within the time given, `sound` decodes and checks, `tape` joins, `remote` holds it together.
"""
