"""French names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "numéro client|n° client|no client|num client|code client|id client|identifiant client|référence client|ref client"
    "|compte client|client|numéro de client|numéro adhérent|adhérent|carte de fidélité|numéro de carte|carte fidélité"
    "|acheteur|id acheteur|pseudo acheteur|nom d'utilisateur|identifiant|membre"
)
_ORDER: Final = (
    "numéro de commande|n° de commande|n° commande|no commande|num commande|id commande|référence commande|ref commande"
    "|commande|numéro de facture|n° facture|facture|numéro de ticket|n° ticket|ticket de caisse|numéro de reçu|n° reçu"
    "|reçu|numéro de vente|n° de vente|id vente|vente|numéro de pièce|n° pièce|numéro de transaction|id transaction"
    "|bon de commande"
)
_STORE: Final = "magasin|code magasin|numéro magasin|id magasin|boutique|point de vente|succursale|établissement|caisse"
_PRODUCT: Final = (
    "référence produit|référence article|code article|code produit|référence|réf|id produit|numéro article|code barre"
    "|code barres|code-barres|gencod|id article|ugs"
)
_CITY: Final = "ville|commune|ville de facturation|ville facturation"
_REGION: Final = "région|département|pays|province"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "ligne|numéro de ligne|n° ligne|id ligne|position",
        "ordered_at": (
            "date de commande|date commande|date de la commande|heure de commande|commandé le|date d'achat|date achat"
            "|date de vente|date vente|date de facture|date facture|date de facturation|date du ticket|date ticket"
            "|date de création|créé le|date de transaction|date de paiement|payé le|horodatage|date et heure|date heure"
            "|date|jour"
        ),
        "product_id": _PRODUCT,
        "description": (
            "désignation|libellé|libellé article|libellé produit|nom du produit|nom produit|produit|article"
            "|nom de l'article|nom article|description|intitulé|titre"
        ),
        "quantity": (
            "quantité|qté|qte|quantité vendue|quantité commandée|nombre|nb articles|nombre d'articles|unités|nb"
        ),
        "unit_price": (
            "prix unitaire|prix unitaire ttc|prix unitaire ht|pu|pu ttc|pu ht|prix|prix de vente|prix ttc|prix ht"
            "|prix article|prix catalogue|tarif"
        ),
        "amount": (
            "montant ligne|total ligne|montant|montant ttc|montant ht|montant net|total ttc|total ht|total|sous-total"
            "|somme|chiffre d'affaires|ca|ca ttc|ca ht|ventes nettes|net à payer|montant total|montant payé|payé|valeur"
            "|prix total|total net|recette|montant après remise|total après remise|sous-total après remise"
            "|montant remisé|total remisé"
        ),
        "amount_before_discount": "montant brut|total brut|ventes brutes|montant avant remise|total avant remise|brut",
        "discount": "remise|montant remise|montant de la remise|rabais|réduction|remises|montant réduction",
        "discount_rate": "taux de remise|taux remise|taux de réduction",
        "discount_percent": "remise pourcent|remise en pourcentage|pourcentage de remise|pourcentage remise",
        "refund": "remboursement|montant remboursé|montant du remboursement|remboursé|avoir|montant avoir",
        "refunded_at": "date de remboursement|remboursé le|date de retour|date avoir",
        "order_total": (
            "total commande|total de la commande|montant commande|montant de la commande|montant total commande"
            "|total facture|montant facture|total panier|valeur commande|total ticket|montant ticket"
        ),
        "order_discount": "remise commande|remise sur commande|remise panier|remise globale|montant coupon",
        "order_shipping": (
            "frais de port|frais de livraison|frais d'expédition|livraison|port|expédition|montant livraison"
            "|frais d'envoi"
        ),
        "order_tax": "tva|montant tva|taxe|taxes|montant taxes|total tva|total taxes|impôt",
        "order_refund": "remboursement commande|montant remboursé commande",
        "cost": "coût|prix d'achat|prix de revient|coût d'achat|pa ht",
        "channel": "canal|canal de vente|source|origine|plateforme",
        "store_id": _STORE,
        "promotion_id": "promotion|code promo|code promotionnel|bon de réduction|code réduction|coupon|opération",
        "payment_method": (
            "mode de paiement|moyen de paiement|méthode de paiement|mode de règlement|règlement|paiement"
            "|type de paiement"
        ),
        "points_redeemed": "points utilisés|points dépensés",
        "is_return": "retour|est un retour|retourné",
        "returned_order_id": "commande d'origine|ticket d'origine|facture d'origine",
        "currency": "devise|monnaie",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|numéro",
        "joined_at": (
            "date d'inscription|inscrit le|date d'adhésion|client depuis|membre depuis|date de création|créé le"
        ),
        "birth_date": "date de naissance|naissance|né le|anniversaire",
        "age": "âge",
        "gender": "sexe|genre|civilité",
        "city": _CITY,
        "region": _REGION,
        "occupation": "profession|métier|emploi",
        "tier": "niveau|niveau de fidélité|statut fidélité|catégorie client|groupe client",
        "points": "points|points de fidélité|solde de points",
        "member_until": "date d'expiration|valable jusqu'au|fin d'adhésion",
        "acquired_by": "source|origine|canal d'acquisition",
        "name": "nom|nom complet|nom du client|nom client|nom et prénom|nom de famille|nom acheteur|nom de facturation",
        "phone": "téléphone|numéro de téléphone|portable|mobile|tél|n° de téléphone|téléphone portable|gsm",
        "email": "e-mail|adresse e-mail|adresse email|courriel|adresse mail|mél|email client|email acheteur",
        "member_id": "numéro de carte|carte de fidélité|carte fidélité|numéro adhérent",
        "consent": (
            "consentement|consentement analyse|consentement rgpd|rgpd|consentement traitement|consentement données"
            "|consentement au traitement des données|consentement traitement des données|accord rgpd"
            "|consentement confidentialité|politique de confidentialité acceptée|consentement profilage"
        ),
        "contact_consent": "consentement marketing|accepte la publicité|abonné newsletter",
        "known_at": "date d'export|extrait le",
    },
    "products": {
        "product_id": f"{_PRODUCT}|numéro",
        "name": "désignation|libellé|nom du produit|nom|nom produit|titre|intitulé",
        "category": "catégorie|rayon|famille|catégorie de produit|département",
        "subcategory": "sous-catégorie|sous-famille",
        "brand": "marque|fabricant|fournisseur",
        "unit_cost": "prix d'achat|coût|prix de revient",
    },
    "stores": {
        "store_id": f"{_STORE}|numéro",
        "name": "nom du magasin|nom magasin|nom|enseigne",
        "city": _CITY,
        "region": _REGION,
        "opened_at": "date d'ouverture|ouvert le|ouverture",
        "format": "format|type de magasin|type",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": "date de contact|créé le|reçu le|date|date et heure",
        "kind": "type|nature|type de demande|type de contact",
        "channel": "canal|canal de contact",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "sujet|objet|motif",
        "owner": "équipe|service|équipe responsable|service responsable",
        "first_response_at": "première réponse|répondu le",
        "resolved_at": "résolu le|clos le|date de résolution",
        "text": "texte|contenu|message|description",
    },
    "surveys": {
        "response_id": "id réponse|numéro de réponse|id questionnaire|id avis",
        "invited_at": "envoyé le|invité le",
        "answered_at": "répondu le|date de réponse|date de l'avis|date",
        "customer_id": _CUSTOMER,
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "commentaire|avis|verbatim|texte",
        "score_recommend": "recommandation|recommande|intention de recommander",
        "score_satisfaction": "satisfaction|satisfaction globale|note|note globale|étoiles",
        "score_staff": "personnel|accueil|service",
        "score_range": "choix|assortiment",
        "score_price": "prix|rapport qualité-prix",
        "score_quality": "qualité",
        "score_speed": "rapidité|livraison",
        "score_environment": "ambiance|environnement",
    },
    "contacts": {
        "campaign_id": "campagne|id campagne|code campagne|opération",
        "customer_id": _CUSTOMER,
        "contacted_at": "contacté le|envoyé le|date d'envoi",
        "arm": "groupe|groupe test|variante",
        "offer": "offre|incitation",
        "cost": "coût",
        "responded_at": "répondu le|date de réponse",
        "response_value": "valeur|chiffre d'affaires",
    },
}
"""By table and canonical column."""

ALSO: Final[dict[str, str]] = {
    "quantity": "volume",
    "unit_price": "prix brut|prix net",
    "amount": (
        "prix|prix de vente|montant brut|ventes brutes|total commande|montant commande|total ticket|total facture"
    ),
    "amount_before_discount": "montant|total|sous-total|total ttc|montant ttc|total ht|montant ht|prix total",
    "discount": "remise commande|taux de remise|remise globale",
    "discount_rate": "remise|rabais|réduction",
    "discount_percent": "remise|taux de remise|rabais|réduction",
    "refund": "remboursement commande",
    "order_total": (
        "total|total ttc|total ht|montant total|montant|montant ttc|montant payé|net à payer|sous-total|somme"
    ),
    "order_discount": "remise|montant remise|rabais|réduction|remises",
    "order_refund": "remboursement|montant remboursé|remboursé|avoir",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
