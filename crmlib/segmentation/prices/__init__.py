"""Price sensitivity: the share bought on promotion, and elasticities where prices vary."""
