"""The top floor: the command, the pipeline, publishing."""
