"""English names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "customer id|customer number|customer no|customer code|customer|cust id|cust no|client id|client no|client"
    "|member id|member no|member number|member|membership no|account id|account no|account|user id|user no|user"
    "|buyer id|buyer user id|buyer username|buyer|shopper id|shopper|consumer id|patron id|open id|card no|loyalty card"
    "|customer unique id|household id|household key|household|customer reference|customer ref|customer account|username"
    "|user name|buyer account|loyalty id|loyalty no|customer key|guest id|who"
)
_ORDER: Final = (
    "order id|order no|order number|order code|order ref|order reference|order|amazon order id|sales order"
    "|purchase order number|invoice no|invoice id|invoice number|invoice|receipt no|receipt id|receipt number|receipt"
    "|bill no|bill number|ticket no|ticket id|ticket|basket id|basket key|sale id|sale no|sale number|check number"
    "|check no|document no|transaction id|transaction no|transaction number|trans id|transaction key|order key"
    "|transaction|transaction ref"
)
_STORE: Final = (
    "store id|store no|store code|store number|store|shop id|shop no|shop code|shop|branch id|branch|outlet id|outlet"
    "|location id|location|seller id|warehouse|store name|shop name|branch code|outlet name"
)
_PRODUCT: Final = (
    "product id|product no|product code|product number|product ref|sku|sku id|sku code|stock code|article|article no"
    "|article id|article number|article code|item id|item code|item no|item number|barcode|ean|upc|plu|goods id"
    "|style no|asin|listing id|product sku|item sku|variant sku|merchant sku|seller sku|custom label|prod code|handle"
    "|model no|part number|part no"
)
_CITY: Final = "city|town|home city|billing city|city billing|address city|default address city"
_REGION: Final = "region|state|province|county|area|country|district|billing province|billing state|billing country"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": (
            "line id|line no|line number|line|order item id|order line|order line id|position|line item id|item line"
            "|order line number|transaction id"
        ),
        "ordered_at": (
            "order date|order time|order datetime|order timestamp|ordered at|ordered|date ordered|order placed"
            "|order created at|order created|created at|date created|created|create time|creation date|purchase date"
            "|purchase time|purchase timestamp|purchased at|sale date|sales date|date of sale|sold at|invoice date"
            "|transaction date|transaction time|trans date|transaction datetime|receipt date|check date|shop date"
            "|shopping date|visit date|basket date|bill date|ticket date|order paid at|paid at|paid on date"
            "|payment date|date paid|payment time|completed at|date completed|completed date|completed|finalized|date"
            "|datetime|timestamp|date time|time|day|at|when|processed at|closed at"
        ),
        "product_id": _PRODUCT,
        "description": (
            "description|product description|item description|product name|product title|product|item name|item|title"
            "|article name|goods name|goods|item title|menu item|product details|lineitem name|line item name"
            "|line items name"
        ),
        "quantity": (
            "quantity|qty|quantity purchased|quantity ordered|order quantity|ordered quantity|quantity sold|units"
            "|units sold|pieces|pcs|number of items|items sold|count|amount of items|volume|qnt|quant|no of units"
            "|number of units|item count"
        ),
        "unit_price": (
            "unit price|price|price each|price per unit|selling price|sale price|list price|item price|retail price"
            "|unit selling price|price per item|sales price|unit retail|retail|net price|gross price|product price"
            "|sold for|unit price paid"
        ),
        "amount": (
            "line total|line amount|amount paid|paid amount|total paid|net sales|amount|net amount|net total|paid"
            "|sales amount|sales value|sales|revenue|turnover|spend|spent|item total|item subtotal|subtotal|sub total"
            "|total|total amount|total price|total sales|gross amount|sum|value|payment value|payment amount|dollars"
            "|line value|extended price|net value|total due|total value|transaction amount|purchase amount"
            "|subtotal with discounts|subtotal w discounts|subtotal after discount|total with discount|total w discount"
            "|total after discount|amount after discount|discounted total|discounted subtotal|discounted amount"
        ),
        "amount_before_discount": (
            "amount before discount|gross sales|gross|gross total|item total before discount|line subtotal"
            "|total before discount|price before discount|original amount|undiscounted amount|list amount"
        ),
        "discount": (
            "discount|discount amount|discounts|rebate|reduction|markdown|line discount|item discount|total discount"
            "|item promotion discount|discount value|retail disc|retail discount|promotion discount"
        ),
        "discount_rate": "discount rate|discount ratio",
        "discount_percent": "discount percent|discount percentage|discount pct|percent discount|percentage discount",
        "refund": (
            "refund amount|refund|refunds|refunded amount|refunded|amount refunded|refund total|total refund"
            "|refund value|returned amount|item refund"
        ),
        "refunded_at": "refunded at|refund date|refund time|date refunded|returned at|return date|date returned",
        "order_total": (
            "order total|order total amount|total order amount|order amount|order value|order grand total|grand total"
            "|invoice total|invoice amount|receipt total|basket total|basket value|cart total|order net|order net total"
            "|order gross|adjusted order total|order sum|order price|order subtotal|order subtotal amount"
        ),
        "order_discount": (
            "order discount|order discount amount|cart discount|cart discount amount|coupon amount|coupon discount"
            "|discount total|order discount total|invoice discount|basket discount"
        ),
        "order_shipping": (
            "order shipping|order shipping amount|order shipping total|shipping|shipping amount|shipping cost"
            "|shipping costs|shipping price|shipping fee|shipping charge|shipping and handling|shipping total"
            "|shipping paid|delivery fee|delivery cost|delivery charge|delivery price|delivery|postage|freight"
            "|freight value|carriage"
        ),
        "order_tax": (
            "order tax|order tax amount|order sales tax|order total tax|tax|taxes|tax amount|total tax|sales tax|vat"
            "|vat amount|gst|tax total"
        ),
        "order_refund": "order refund|order refund amount|order refunded amount|order refund total",
        "cost": "cost|cost price|cost of goods|cogs|unit cost|cost of goods sold|item cost",
        "channel": "channel|sales channel|order channel|source|platform|source name|marketplace|order source",
        "store_id": _STORE,
        "promotion_id": (
            "promotion id|promotion|promo|promo code|promo id|coupon|coupon code|coupon id|campaign|offer|voucher"
            "|discount code|promotion ids|voucher code|discount name"
        ),
        "payment_method": (
            "payment method|payment type|payment|pay type|pay method|paid with|paid by|tender|tender type"
            "|payment method title|payment gateway|gateway|payment mode|method of payment"
        ),
        "points_redeemed": "points redeemed|points used|redeemed points|points spent",
        "is_return": "is return|return|returned|refund|refunded|is refund|return flag",
        "returned_order_id": (
            "returned order id|refund of|return of|original order|original order id|original invoice|original receipt"
        ),
        "currency": "currency|currency code|order currency|curr|iso currency",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|id",
        "joined_at": (
            "joined at|joined|join date|date joined|registered|registered at|registration date|signed up|sign up"
            "|sign up date|member since|enrolled|enrolment date|enrollment date|created at|created|dt customer"
            "|first seen|date registered|customer since|user registered|date added|creation date"
        ),
        "birth_date": "birth date|date of birth|dob|birthday|born",
        "age": "age",
        "gender": "gender|sex",
        "city": _CITY,
        "region": _REGION,
        "occupation": "occupation|job|profession|job title",
        "tier": "tier|loyalty tier|member tier|member level|level|grade|membership level|customer group",
        "points": "points|loyalty points|points balance|bonus points",
        "member_until": "member until|expiry date|expiry|expires|valid until",
        "acquired_by": "acquired by|acquisition channel|acquisition source|source|origin|referrer|channel",
        "name": (
            "name|full name|customer name|nickname|nick name|last name|surname|family name|client name|buyer name"
            "|billing name|member name|contact name|display name"
        ),
        "phone": (
            "phone|phone number|phone no|mobile|mobile number|mobile phone|mobile no|telephone|tel|cell|cell phone"
            "|billing phone|customer phone|buyer phone|telephone number|contact number|default address phone"
        ),
        "email": (
            "email|e mail|email address|mail|billing email|customer email|buyer email|user email|contact email|email id"
            "|mail address|e mail address|payer email"
        ),
        "member_id": "member id|member no|card no|card|card number|loyalty card|loyalty card no",
        "platform_id": "openid|open id|unionid|union id|platform id|wechat id|alipay id",
        "consent": (
            "consent|data consent|consent to analysis|analysis consent|data processing consent|consent data processing"
            "|privacy consent|gdpr|gdpr consent|consent given|consent to data processing|consent analytics"
            "|analytics consent|consent to profiling|profiling consent|agrees to analysis|data protection consent"
            "|privacy policy accepted|privacy accepted|ccpa consent"
        ),
        "contact_consent": (
            "newsletter|accepts marketing|accepts email marketing|marketing consent|marketing opt in|opt in|subscribed"
            "|email marketing consent|sms consent|contact consent|may be contacted"
        ),
        "known_at": "known at|extracted at|as of|exported at",
    },
    "products": {
        "product_id": f"{_PRODUCT}|id",
        "name": "name|product name|product title|title|item name|description|article name",
        "category": (
            "category|product category|category name|product category name|department|product group|product type"
        ),
        "subcategory": "subcategory|sub category|subclass|class|category 2",
        "brand": "brand|brand name|manufacturer|label|vendor",
        "unit_cost": "unit cost|cost|cost price|purchase price|cost per item",
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
        "owner": "owner|team|desk|department|owning team|assigned team|assigned group|assignment group|queue",
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

ALSO: Final[dict[str, str]] = {
    "quantity": "items|no of items",
    "unit_price": "item cost|sales price|sold for",
    "amount": (
        "item price|price|sales price|sold for|gross sales|gross|order total|order amount|grand total|invoice total"
        "|payment|total collected|order net|charge|fare"
    ),
    "amount_before_discount": (
        "item total|item subtotal|subtotal|gross amount|total amount|total|amount|line total|sales|item price|price"
        "|total price|sales amount|order value"
    ),
    "discount": "discount rate|discount percent|coupon amount|order discount|savings|cart discount",
    "discount_rate": "discount|discounts|discount percent|discount amount",
    "discount_percent": "discount|discount rate|discounts",
    "refund": "order refund|order refund amount|return amount|refund price|partial refunds",
    "order_total": (
        "total|subtotal|sub total|total amount|total price|amount|total paid|amount paid|paid amount|paid|payment value"
        "|payment amount|total collected|total due|gross amount|net amount|sum|value|revenue|total sales|net total"
        "|gross total|transaction amount"
    ),
    "order_discount": "discount|discounts|discount amount|total discount|discount value|rebate",
    "order_shipping": "ship price|handling|item shipping|gift wrap price",
    "order_tax": "item tax|line tax|duties|shipping tax|tax paid",
    "order_refund": "refund|refund amount|refunded amount|refunded|amount refunded|refund total|refunds",
    "cost": "asset|purchase price|wholesale price",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
