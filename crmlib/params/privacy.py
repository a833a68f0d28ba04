"""Privacy: the disclosure gate's threshold and where the key of the pseudonyms is found, never the key."""

from typing import Literal

from pydantic import Field

from crmlib.params.section import Section


class PrivacySection(Section):
    """What may be shown and how customers get their pseudonyms."""

    threshold: int = Field(default=10, ge=1, description="fewer people than this are not shown")
    base: int = Field(default=5, ge=1, description="counts of people are rounded to this base")
    key_env: str = Field(default="CRM_KEY", description="environment variable that holds the key of the pseudonyms")
    key_file: str | None = Field(default=None, description="file that holds the key, mode 0600")
    demo_key: bool = Field(default=False, description="use the published demo key; for simulated data only")
    previous_key_env: str | None = Field(
        default=None, description="environment variable that holds the key before, to open the identity map once more"
    )
    previous_key_file: str | None = Field(
        default=None, description="file that holds the key before, mode 0600; pseudonyms stay as they were"
    )
    consent: Literal["not_refused", "required", "ignore"] = Field(
        default="not_refused",
        description=(
            "who stands in customer tables: all who have not refused analysis (not_refused), only those who agreed "
            "(required), or everybody (ignore); the others' sales count in the shop's totals without a customer"
        ),
    )
    undeclared: Literal["mask", "stop"] = Field(
        default="mask",
        description="personal data in columns nobody declared: mask them and say so, or stop the run",
    )
