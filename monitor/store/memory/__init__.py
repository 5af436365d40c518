"""Keep what one run of a site leaves for the next: attachments, columns, known hosts, site language, verdicts."""
