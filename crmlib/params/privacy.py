"""Privacy: the disclosure gate's threshold and where the key of the pseudonyms is found, never the key."""

from pydantic import Field

from crmlib.params.section import Section


class PrivacySection(Section):
    """What may be shown and how customers get their pseudonyms."""

    threshold: int = Field(default=10, ge=1, description="fewer people than this are not shown")
    base: int = Field(default=5, ge=1, description="counts of people are rounded to this base")
    key_env: str = Field(default="CRM_KEY", description="environment variable that holds the key of the pseudonyms")
    key_file: str | None = Field(default=None, description="file that holds the key, mode 0600")
    demo_key: bool = Field(default=False, description="use the published demo key; for simulated data only")
