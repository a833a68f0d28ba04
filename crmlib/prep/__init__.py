"""Chapter 01: from raw files to clean tables."""
