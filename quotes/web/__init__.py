"""Pages and interfaces to look at quotes with: report, review, HTTP API."""
