"""``crm init``: a parameters file proposed from the files themselves, every guess with its evidence."""

from crmlib.prep.proposal.proposing import Proposal, propose, series_of
from crmlib.prep.proposal.writing import Home, write_proposal

__all__ = ["Home", "Proposal", "propose", "series_of", "write_proposal"]
