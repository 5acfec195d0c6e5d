"""Web pages and the HTTP API: report, audit, review, server."""
