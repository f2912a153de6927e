"""The API of devices over HTTP: enrolment, content, proofs, the time."""
