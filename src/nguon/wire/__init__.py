"""All that server and device say to each other: topics, messages, codec, ladder, seal. Pure Python."""
