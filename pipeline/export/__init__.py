"""Writers and readers of every output format, one format a file."""
