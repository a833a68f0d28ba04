"""Spanish names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "número de cliente|nº cliente|nro cliente|no cliente|código de cliente|código cliente|cod cliente|id cliente"
    "|id de cliente|identificador cliente|referencia cliente|cuenta cliente|cliente|número de socio|nº socio|socio"
    "|tarjeta de fidelidad|número de tarjeta|comprador|id comprador|usuario|nombre de usuario|id usuario"
)
_ORDER: Final = (
    "número de pedido|nº pedido|nro pedido|no pedido|id pedido|id de pedido|código de pedido|referencia pedido"
    "|referencia del pedido|pedido|número de factura|nº factura|factura|folio|número de ticket|nº ticket|ticket"
    "|número de venta|id venta|nº venta|venta|número de recibo|recibo|boleta|comprobante|número de orden|orden"
    "|número de transacción|id transacción|albarán"
)
_STORE: Final = (
    "tienda|código tienda|código de tienda|nº tienda|id tienda|sucursal|local|punto de venta|establecimiento|caja"
)
_PRODUCT: Final = (
    "código de artículo|código artículo|código de producto|código producto|cod producto|cod articulo|referencia"
    "|referencia producto|ref producto|id producto|id artículo|nº artículo|código de barras|código barras|código"
)
_CITY: Final = "ciudad|población|localidad|municipio"
_REGION: Final = "provincia|región|comunidad autónoma|país|departamento"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "línea|número de línea|nº línea|id línea|posición|renglón",
        "ordered_at": (
            "fecha de pedido|fecha pedido|fecha del pedido|fecha de compra|fecha compra|fecha de venta|fecha venta"
            "|fecha de factura|fecha factura|fecha del ticket|fecha ticket|fecha de creación|creado el"
            "|fecha transacción|fecha de transacción|fecha operación|fecha de pago|pagado el|fecha y hora|fecha hora"
            "|fecha|día|hora"
        ),
        "product_id": _PRODUCT,
        "description": (
            "descripción|descripción del producto|descripción artículo|nombre del producto|nombre producto|producto"
            "|artículo|nombre del artículo|nombre artículo|concepto|título"
        ),
        "quantity": "cantidad|cant|unidades|uds|cantidad vendida|número de artículos|piezas|cantidades",
        "unit_price": (
            "precio unitario|precio por unidad|precio|precio de venta|pvp|precio venta|precio unidad|precio lista"
            "|precio artículo|precio unit"
        ),
        "amount": (
            "importe línea|total línea|importe|importe total|importe neto|monto|monto total|total|subtotal|ventas netas"
            "|venta neta|ventas|total pagado|pagado|importe pagado|neto|valor|precio total|total neto|ingresos|base"
            "|total con descuento|subtotal con descuento|importe con descuento|total después de descuento"
        ),
        "amount_before_discount": (
            "importe bruto|total bruto|ventas brutas|venta bruta|importe antes de descuento|bruto"
        ),
        "discount": (
            "descuento|importe descuento|monto descuento|descuentos|dto|rebaja|bonificación|importe de descuento"
        ),
        "discount_rate": "tasa de descuento|tipo de descuento",
        "discount_percent": "porcentaje de descuento|porcentaje descuento|descuento porcentaje|dto porcentaje",
        "refund": "reembolso|importe reembolsado|monto reembolsado|reembolsado|devolución|importe devolución|abono",
        "refunded_at": "fecha de reembolso|fecha de devolución|reembolsado el|fecha devolución",
        "order_total": (
            "total pedido|total del pedido|importe pedido|importe del pedido|total de la orden|total orden"
            "|total factura|importe factura|monto del pedido|valor del pedido|total ticket|total compra"
        ),
        "order_discount": (
            "descuento pedido|descuento del pedido|descuento del carrito|descuento cupón|descuento global"
        ),
        "order_shipping": (
            "gastos de envío|coste de envío|costo de envío|envío|portes|importe envío|flete|coste envío|costo envío"
        ),
        "order_tax": "iva|importe iva|impuesto|impuestos|total impuestos|igv|total iva|cuota iva",
        "order_refund": "reembolso pedido|reembolso del pedido",
        "cost": "coste|costo|precio de coste|precio de costo|precio de compra|costo unitario|coste unitario",
        "channel": "canal|canal de venta|origen|fuente|plataforma",
        "store_id": _STORE,
        "promotion_id": "promoción|cupón|código promocional|código de descuento|código cupón|vale|campaña|oferta",
        "payment_method": "método de pago|forma de pago|medio de pago|tipo de pago|pago|modo de pago",
        "points_redeemed": "puntos canjeados|puntos usados",
        "is_return": "devuelto|es devolución",
        "returned_order_id": "pedido original|ticket original|factura original|factura rectificada",
        "currency": "moneda|divisa",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|número",
        "joined_at": (
            "fecha de alta|fecha alta|alta|fecha de registro|registrado el|cliente desde|socio desde|miembro desde"
        ),
        "birth_date": "fecha de nacimiento|fecha nacimiento|nacimiento|cumpleaños",
        "age": "edad",
        "gender": "sexo|género",
        "city": _CITY,
        "region": f"{_REGION}|estado",
        "occupation": "profesión|ocupación",
        "tier": "nivel|categoría cliente|nivel de fidelidad|grupo de clientes",
        "points": "puntos|saldo de puntos",
        "member_until": "válido hasta|fecha de caducidad|vence",
        "acquired_by": "origen|fuente|canal de captación",
        "name": (
            "nombre|nombre completo|nombre del cliente|nombre cliente|apellidos|nombre y apellidos|razón social"
            "|nombre del comprador|nombre comprador"
        ),
        "phone": "teléfono|número de teléfono|móvil|celular|teléfono móvil|tel|telf",
        "email": (
            "correo|correo electrónico|e-mail|email cliente|dirección de correo|correo del cliente|email comprador"
        ),
        "member_id": "número de tarjeta|tarjeta de fidelidad|número de socio|tarjeta",
        "consent": (
            "consentimiento|consentimiento análisis|consentimiento rgpd|rgpd|consentimiento datos|consentimiento lopd"
            "|lopd|consentimiento tratamiento de datos|consentimiento privacidad|tratamiento de datos"
            "|protección de datos|acepta privacidad|acepta política de privacidad"
        ),
        "contact_consent": "acepta marketing|consentimiento marketing|acepta publicidad",
        "known_at": "fecha de exportación|extraído el",
    },
    "products": {
        "product_id": f"{_PRODUCT}|número",
        "name": "descripción|nombre|nombre del producto|nombre producto|título",
        "category": "categoría|familia|departamento|sección|categoría de producto|rubro",
        "subcategory": "subcategoría|subfamilia",
        "brand": "marca|fabricante|proveedor",
        "unit_cost": "precio de coste|coste|costo|precio de compra",
    },
    "stores": {
        "store_id": f"{_STORE}|número",
        "name": "nombre tienda|nombre de la tienda|nombre",
        "city": _CITY,
        "region": f"{_REGION}|estado",
        "opened_at": "fecha de apertura|apertura",
        "format": "formato|tipo de tienda|tipo",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": "fecha de contacto|recibido el|creado el|fecha|fecha y hora",
        "kind": "tipo|tipo de contacto|tipo de solicitud|naturaleza",
        "channel": "canal|canal de contacto",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "tema|asunto|motivo",
        "owner": "equipo|departamento|área responsable",
        "first_response_at": "primera respuesta|respondido el",
        "resolved_at": "resuelto el|cerrado el|fecha de resolución",
        "text": "texto|contenido|mensaje|descripción",
    },
    "surveys": {
        "response_id": "id respuesta|número de respuesta|id encuesta",
        "invited_at": "enviado el|invitado el",
        "answered_at": "respondido el|fecha de respuesta|fecha",
        "customer_id": _CUSTOMER,
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "comentario|opinión|reseña|texto",
        "score_recommend": "recomendación|recomendaría|recomienda",
        "score_satisfaction": "satisfacción|satisfacción general|valoración|puntuación|estrellas",
        "score_staff": "personal|atención|servicio",
        "score_range": "surtido|variedad",
        "score_price": "precio|calidad-precio",
        "score_quality": "calidad",
        "score_speed": "rapidez|entrega",
        "score_environment": "ambiente|entorno",
    },
    "contacts": {
        "campaign_id": "campaña|id campaña|código campaña",
        "customer_id": _CUSTOMER,
        "contacted_at": "contactado el|enviado el|fecha de envío",
        "arm": "grupo|grupo de prueba|variante",
        "offer": "oferta|incentivo",
        "cost": "coste|costo",
        "responded_at": "respondido el|fecha de respuesta",
        "response_value": "valor|ingresos",
    },
}
"""By table and canonical column."""

ALSO: Final[dict[str, str]] = {
    "quantity": "volumen",
    "unit_price": "precio bruto|precio neto",
    "amount": (
        "precio|precio de venta|importe bruto|ventas brutas|total pedido|importe pedido|total factura|total ticket"
    ),
    "amount_before_discount": "importe|total|subtotal|importe total|monto|monto total|precio total",
    "discount": "descuento pedido|porcentaje de descuento|descuento global",
    "discount_rate": "descuento|dto|descuentos",
    "discount_percent": "descuento|dto|tasa de descuento|descuentos",
    "refund": "reembolso pedido",
    "order_total": "total|importe total|importe|monto total|monto|subtotal|total pagado|importe pagado|pagado|neto",
    "order_discount": "descuento|importe descuento|descuentos|monto descuento",
    "order_refund": "reembolso|importe reembolsado|devolución|monto reembolsado|abono",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
