"""English names of the canonical columns in other systems, separated by ``|``."""

from typing import Final

_CUSTOMER: Final = (
    "customer id|customer number|customer no|customer code|customer|cust id|cust no|client id|client no|client"
    "|member id|member no|member number|member|membership no|account id|account no|account|user id|user no|user"
    "|buyer id|buyer|shopper id|shopper|consumer id|patron id|open id|card no|loyalty card|customer unique id"
)
_ORDER: Final = (
    "order id|order no|order number|order code|order ref|order|invoice no|invoice id|invoice number|invoice"
    "|receipt no|receipt id|receipt number|receipt|transaction id|transaction no|trans id|ticket no|ticket id"
    "|ticket|bill no|basket id|sale id|sales order|document no"
)
_STORE: Final = (
    "store id|store no|store code|store number|store|shop id|shop no|shop code|shop|branch id|branch|outlet id"
    "|outlet|location id|location|seller id|warehouse"
)
_PRODUCT: Final = (
    "product id|product no|product code|product number|product ref|sku|sku id|sku code|stock code|article"
    "|article no|article id|article number|article code|item id|item code|item no|item number|barcode|ean|upc|plu"
    "|goods id|style no"
)
_CITY: Final = "city|town|home city"
_REGION: Final = "region|state|province|county|area|country|district"

ENGLISH: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "line id|line no|line number|line|order item id|order line|position",
        "ordered_at": (
            "order date|order time|order datetime|order timestamp|ordered|date ordered|invoice date"
            "|transaction date|transaction time|trans date|purchase date|purchase time|purchase timestamp"
            "|purchased at|sale date|sales date|sold at|receipt date|paid at|payment date|created at|created"
            "|create time|date|datetime|time|timestamp|date time|day"
        ),
        "product_id": _PRODUCT,
        "description": (
            "description|product description|item description|product name|product title|product|item name|item"
            "|title|article name|goods name|goods"
        ),
        "quantity": (
            "quantity|qty|units|units sold|pieces|pcs|number of items|items sold|count|amount of items|volume|qnt"
        ),
        "unit_price": (
            "unit price|price|price each|price per unit|selling price|sale price|list price|item price|retail price"
        ),
        "amount": (
            "amount|line total|line amount|total|total amount|total price|total paid|paid|paid amount|amount paid"
            "|net amount|gross amount|sales amount|sales value|net sales|sales|revenue|turnover|spend|subtotal|sum"
            "|value|payment value|dollars"
        ),
        "discount": "discount|discount amount|rebate|reduction|markdown",
        "cost": "cost|cost price|cost of goods|cogs|unit cost",
        "channel": "channel|sales channel|order channel|source|platform",
        "store_id": _STORE,
        "promotion_id": (
            "promotion id|promotion|promo|promo code|promo id|coupon|coupon code|coupon id|campaign|offer|voucher"
        ),
        "payment_method": (
            "payment method|payment type|payment|pay type|pay method|paid with|paid by|tender|tender type"
        ),
        "points_redeemed": "points redeemed|points used|redeemed points|points spent",
        "is_return": "is return|return|returned|refund|refunded|is refund|return flag",
        "returned_order_id": (
            "returned order id|refund of|return of|original order|original order id|original invoice|original receipt"
        ),
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|id",
        "joined_at": (
            "joined at|joined|join date|date joined|registered|registered at|registration date|signed up"
            "|sign up date|member since|enrolled|enrolment date|enrollment date|created at|created|dt customer"
            "|first seen"
        ),
        "birth_date": "birth date|date of birth|dob|birthday|born",
        "age": "age",
        "gender": "gender|sex",
        "city": _CITY,
        "region": _REGION,
        "occupation": "occupation|job|profession|job title",
        "tier": "tier|loyalty tier|member tier|member level|level|grade|membership level",
        "points": "points|loyalty points|points balance|bonus points",
        "member_until": "member until|expiry date|expiry|expires|valid until",
        "acquired_by": "acquired by|acquisition channel|acquisition source|source|origin|referrer|channel",
        "name": "name|full name|customer name|nickname|nick name",
        "phone": (
            "phone|phone number|phone no|mobile|mobile number|mobile phone|mobile no|telephone|tel|cell|cell phone"
        ),
        "email": "email|e mail|email address|mail",
        "member_id": "member id|member no|card no|card|card number|loyalty card|loyalty card no",
        "platform_id": "openid|open id|unionid|union id|platform id|wechat id|alipay id",
        "consent": "consent|newsletter|opt in|marketing consent|agrees|gdpr",
        "known_at": "known at|extracted at|as of|exported at",
    },
    "products": {
        "product_id": f"{_PRODUCT}|id|asin|listing id",
        "name": "name|product name|product title|title|item name|description|article name",
        "category": (
            "category|product category|category name|product category name|department|product group|product type"
        ),
        "subcategory": "subcategory|sub category|subclass|class|category 2",
        "brand": "brand|brand name|manufacturer|label",
        "unit_cost": "unit cost|cost|cost price|purchase price",
    },
    "stores": {
        "store_id": f"{_STORE}|id",
        "name": "name|store name|shop name|branch name",
        "city": _CITY,
        "region": _REGION,
        "opened_at": "opened at|opened|opening date|open date|open since",
        "format": "format|store type|store format|type|kind",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": (
            "at|contacted at|contact date|contact time|time|date|timestamp|created at|created|opened at|received at"
        ),
        "kind": "kind|type|contact type|ticket type|case type|category|request type",
        "channel": "channel|via|source|contact channel",
        "touchpoint": "touchpoint|touch point",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "topic|subject|reason|issue|theme",
        "first_response_at": "first response at|first response|first reply|first answer|responded at",
        "resolved_at": "resolved at|resolved|closed at|closed|solved|solved at",
        "adopted": "adopted|accepted|implemented",
        "text": "text|content|message|comment|comments|body|description|note|notes|words",
    },
    "surveys": {
        "response_id": "response id|survey id|answer id|review id|questionnaire id|respondent id|id",
        "invited_at": "invited at|invited|invitation date|sent at|sent|creation date|asked at",
        "answered_at": (
            "answered at|answered|answer date|answer time|answer timestamp|response date|submitted at|submitted"
            "|completed|completed at|review date|date|timestamp"
        ),
        "customer_id": _CUSTOMER,
        "touchpoint": "touchpoint|touch point",
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "comment|comments|comment message|review|review text|feedback|text|message|verbatim",
        "score_recommend": "recommend|recommendation|nps|nps score|likelihood to recommend",
        "score_satisfaction": "satisfaction|overall satisfaction|overall|csat|score|rating|stars|review score",
        "score_staff": "staff|service|personnel",
        "score_range": "range|assortment|selection",
        "score_price": "price|value for money",
        "score_quality": "quality|product quality",
        "score_speed": "speed|delivery|shipping",
        "score_environment": "environment|store environment|atmosphere",
    },
    "contacts": {
        "campaign_id": "campaign id|campaign|campaign code|campaign no|campaign name",
        "customer_id": _CUSTOMER,
        "contacted_at": "contacted at|contacted|contact date|sent at|sent|send time|send date",
        "arm": "arm|group|test group|variant|treatment|experiment group",
        "offer": "offer|incentive|content|message|coupon",
        "cost": "cost|contact cost|cost per contact",
        "responded_at": "responded at|responded|response date|response time|converted at",
        "response_value": "response value|value|revenue|conversion value",
    },
}
"""By table and canonical column."""
