"""Portuguese names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "número do cliente|nº cliente|nº do cliente|código do cliente|código cliente|cod cliente|id cliente|id do cliente"
    "|cpf|cpf cnpj|cpf do cliente|cpf do comprador|cliente|número de sócio|cartão fidelidade|número do cartão|comprador"
    "|id do comprador|usuário|nome de usuário|utilizador|apelido do comprador"
)
_ORDER: Final = (
    "número do pedido|nº pedido|nº do pedido|nro pedido|id pedido|id do pedido|código do pedido|pedido"
    "|número da encomenda|nº encomenda|encomenda|número da nota|nota fiscal|nº nota fiscal|nf|nfe|cupom fiscal"
    "|número da venda|id da venda|nº da venda|n.º de venda|venda|número da fatura|fatura|recibo|número da transação"
    "|id da transação"
)
_STORE: Final = "loja|código da loja|código loja|id loja|id da loja|filial|unidade|ponto de venda|estabelecimento|caixa"
_PRODUCT: Final = (
    "código do produto|código produto|cod produto|id produto|id do produto|referência|referência do produto"
    "|número de referência sku|sku|código do item|código do artigo|id do anúncio|código de barras|código"
)
_CITY: Final = "cidade|município|localidade"
_REGION: Final = "uf|região|distrito|país|estado"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "linha|número da linha|id do item|posição|número do item",
        "ordered_at": (
            "data do pedido|data pedido|data da compra|data compra|data da venda|data venda|data da encomenda"
            "|data de emissão|data emissão|data da fatura|data de criação|criado em|data da transação"
            "|data de criação do pedido|data do pagamento|data de pagamento|pago em|hora do pagamento do pedido"
            "|data e hora|data hora|data|dia|hora"
        ),
        "product_id": _PRODUCT,
        "description": (
            "descrição|descrição do produto|nome do produto|nome produto|produto|item|nome do item|título do anúncio"
            "|artigo|título"
        ),
        "quantity": "quantidade|qtd|qtde|unidades|quantidade vendida|número de itens|peças|quant",
        "unit_price": (
            "preço unitário|valor unitário|preço|preço de venda|vl unitário|preço por unidade|valor unit|preço acordado"
            "|preço original|preço de lista|preço unitário de venda do anúncio"
        ),
        "amount": (
            "total do item|valor do item|valor total|total|subtotal|subtotal do produto|valor|valor líquido|valor pago"
            "|total pago|vendas líquidas|faturamento|receita|montante|preço total|vl total|líquido|receita por produtos"
            "|total com desconto|subtotal com desconto|valor com desconto"
        ),
        "amount_before_discount": "valor bruto|total bruto|vendas brutas|valor antes do desconto|bruto",
        "discount": "desconto|valor do desconto|valor desconto|descontos|abatimento|vl desconto|desconto do vendedor",
        "discount_rate": "taxa de desconto",
        "discount_percent": (
            "percentual de desconto|porcentagem de desconto|percentagem de desconto|desconto percentual"
        ),
        "refund": (
            "reembolso|valor reembolsado|reembolsado|estorno|valor estornado|devolução|cancelamentos e reembolsos"
        ),
        "refunded_at": "data do reembolso|data da devolução|data do estorno|reembolsado em",
        "order_total": (
            "total do pedido|total pedido|valor do pedido|valor total do pedido|total da encomenda|total da nota"
            "|valor total da nota|valor da nota|total da venda|total global|total da compra"
        ),
        "order_discount": "desconto do pedido|desconto no pedido|desconto do carrinho|desconto cupom|cupom",
        "order_shipping": (
            "frete|valor do frete|valor frete|custo de envio|taxa de envio|portes|portes de envio|taxa de entrega|envio"
        ),
        "order_tax": "imposto|impostos|iva|icms|valor dos impostos|total de impostos|taxas e impostos",
        "order_refund": "reembolso do pedido|valor reembolsado do pedido",
        "cost": "custo|preço de custo|custo unitário|custo do produto",
        "channel": "canal|canal de venda|canal de vendas|origem|plataforma|marketplace",
        "store_id": _STORE,
        "promotion_id": (
            "promoção|cupom de desconto|código promocional|código do cupom|campanha|oferta|código de desconto"
        ),
        "payment_method": "forma de pagamento|método de pagamento|meio de pagamento|tipo de pagamento|pagamento",
        "points_redeemed": "pontos resgatados|pontos utilizados",
        "is_return": "devolvido|é devolução",
        "returned_order_id": "pedido original|venda original|nota original",
        "currency": "moeda",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|número",
        "joined_at": (
            "data de cadastro|data cadastro|cadastrado em|data de registo|data de registro|cliente desde|cadastro"
        ),
        "birth_date": "data de nascimento|data nascimento|nascimento|aniversário",
        "age": "idade",
        "gender": "sexo|gênero|género",
        "city": _CITY,
        "region": _REGION,
        "occupation": "profissão|ocupação",
        "tier": "nível|categoria do cliente|grupo de clientes",
        "points": "pontos|saldo de pontos",
        "member_until": "válido até|data de validade",
        "acquired_by": "origem|canal de aquisição",
        "name": "nome|nome completo|nome do cliente|nome cliente|sobrenome|apelido|nome do comprador|razão social",
        "phone": "telefone|celular|telemóvel|número de telefone|fone|tel|telefone celular",
        "email": "e-mail|email do cliente|correio eletrônico|e-mail do cliente|e-mail do comprador",
        "member_id": "cartão fidelidade|número do cartão|cartão",
        "consent": (
            "consentimento|consentimento análise|consentimento lgpd|lgpd|rgpd|consentimento de dados"
            "|consentimento dados|consentimento tratamento de dados|consentimento privacidade|tratamento de dados"
            "|aceita privacidade|aceite lgpd|proteção de dados"
        ),
        "contact_consent": "aceita newsletter|aceita marketing|consentimento marketing",
        "known_at": "data de exportação|extraído em",
    },
    "products": {
        "product_id": f"{_PRODUCT}|número",
        "name": "descrição|nome|nome do produto|nome produto|título",
        "category": "categoria|departamento|seção|secção|família|categoria do produto|grupo",
        "subcategory": "subcategoria|subgrupo",
        "brand": "marca|fabricante|fornecedor",
        "unit_cost": "preço de custo|custo|custo unitário",
    },
    "stores": {
        "store_id": f"{_STORE}|número",
        "name": "nome da loja|nome loja|nome",
        "city": _CITY,
        "region": _REGION,
        "opened_at": "data de abertura|abertura|inauguração",
        "format": "formato|tipo de loja|tipo",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": "data do contato|data do contacto|recebido em|criado em|data|data e hora",
        "kind": "tipo|tipo de contato|tipo de solicitação|natureza",
        "channel": "canal|canal de contato",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "tema|assunto|motivo",
        "owner": "equipe|departamento|setor|equipa",
        "first_response_at": "primeira resposta|respondido em",
        "resolved_at": "resolvido em|fechado em|data de resolução",
        "text": "texto|conteúdo|mensagem|descrição",
    },
    "surveys": {
        "response_id": "id da resposta|número da resposta|id da avaliação",
        "invited_at": "enviado em|convidado em",
        "answered_at": "respondido em|data da resposta|data",
        "customer_id": _CUSTOMER,
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "comentário|opinião|avaliação escrita|texto",
        "score_recommend": "recomendação|recomendaria",
        "score_satisfaction": "satisfação|satisfação geral|nota|avaliação|estrelas",
        "score_staff": "atendimento|pessoal|serviço",
        "score_range": "sortimento|variedade",
        "score_price": "preço|custo-benefício",
        "score_quality": "qualidade",
        "score_speed": "rapidez|entrega",
        "score_environment": "ambiente",
    },
    "contacts": {
        "campaign_id": "campanha|id campanha|código da campanha",
        "customer_id": _CUSTOMER,
        "contacted_at": "contatado em|contactado em|enviado em|data de envio",
        "arm": "grupo|grupo de teste|variante",
        "offer": "oferta|incentivo",
        "cost": "custo",
        "responded_at": "respondido em|data da resposta",
        "response_value": "valor|receita",
    },
}
"""By table and canonical column."""

ALSO: Final[dict[str, str]] = {
    "quantity": "volume",
    "unit_price": "preço bruto|preço líquido",
    "amount": (
        "preço|preço de venda|preço acordado|valor bruto|vendas brutas|total do pedido|valor do pedido|total da venda"
    ),
    "amount_before_discount": "valor|total|subtotal|valor total|preço total|subtotal do produto|montante",
    "discount": "desconto do pedido|cupom|percentual de desconto",
    "discount_rate": "desconto|descontos",
    "discount_percent": "desconto|taxa de desconto|descontos",
    "refund": "reembolso do pedido",
    "order_total": "total|valor total|valor|subtotal|valor pago|total pago|montante|valor líquido",
    "order_discount": "desconto|valor do desconto|descontos",
    "order_refund": "reembolso|valor reembolsado|estorno|devolução",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
