"""The review page of `quotes review`: its server, the verdicts, and their exports."""
