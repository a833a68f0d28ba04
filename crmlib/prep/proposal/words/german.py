"""German names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "Kundennummer|Kunden-Nr|Kundennr|Kd-Nr|KdNr|Kunden-ID|Kundencode|Kundenkonto|Debitor|Debitorennummer|Debitoren-Nr"
    "|Mitgliedsnummer|Mitglieds-Nr|Mitglied|Kundenkarte|Kundenkartennummer|Kartennummer|Käufer|Käufer-ID"
    "|Nutzername des Käufers|Mitgliedsname des Käufers|Benutzername|Benutzer-ID|Nutzer-ID|Kunde|Besteller|Kundennr."
)
_ORDER: Final = (
    "Bestellnummer|Bestell-Nr|Bestellnr|Bestell-ID|Bestellung|Auftragsnummer|Auftrags-Nr|Auftragsnr|Auftrag|Belegnummer"
    "|Beleg-Nr|Belegnr|Beleg|Bonnummer|Bon-Nr|Bonnr|Bon|Kassenbon|Kassenbonnummer|Rechnungsnummer|Rechnungs-Nr"
    "|Rechnungsnr|Re-Nr|Rechnung|Quittungsnummer|Vorgangsnummer|Vorgang|Transaktionsnummer|Transaktions-ID|Transaktion"
    "|Verkaufsnummer"
)
_STORE: Final = (
    "Filiale|Filialnummer|Filial-Nr|Filialnr|Filial-ID|Filialname|Geschäft|Laden|Markt|Marktnummer|Standort"
    "|Betriebsstätte|Verkaufsstelle|Kasse|Kassennummer"
)
_PRODUCT: Final = (
    "Artikelnummer|Artikel-Nr|Artikelnr|Art-Nr|ArtNr|Artikel-ID|Artikelcode|Produktnummer|Produkt-ID|Produktcode"
    "|Bestandseinheit|Strichcode|EAN-Code|Materialnummer|Warennummer|SKU-Nr|Angebotsnummer"
)
_CITY: Final = "Stadt|Ort|Wohnort|Rechnungsort"
_REGION: Final = "Bundesland|Land|Gebiet|Kanton|Landkreis"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "Position|Pos|Positionsnummer|Pos-Nr|Zeile|Zeilennummer|Belegposition|Positions-ID",
        "ordered_at": (
            "Bestelldatum|Bestellt am|Bestellzeit|Bestellzeitpunkt|Auftragsdatum|Kaufdatum|Verkaufsdatum|Verkauft am"
            "|Belegdatum|Bondatum|Rechnungsdatum|Buchungsdatum|Transaktionsdatum|Umsatzdatum|Erstellt am"
            "|Erstellungsdatum|Bezahlt am|Zahlungsdatum|Bezahldatum|Datum|Datum Uhrzeit|Datum und Uhrzeit|Zeitpunkt"
            "|Zeitstempel|Verkaufstag|Tag"
        ),
        "product_id": _PRODUCT,
        "description": (
            "Artikelbezeichnung|Artikelname|Artikeltext|Artikelbeschreibung|Artikel|Bezeichnung|Produktname|Produkt"
            "|Produktbezeichnung|Warenbezeichnung|Ware|Beschreibung|Positionstext|Buchungstext|Angebotstitel"
        ),
        "quantity": "Menge|Stk|Anzahl|Stück|Stückzahl|Stueck|Verkaufte Menge|Bestellmenge|Absatz|Verkaufsmenge|Anz",
        "unit_price": (
            "Einzelpreis|Einzel-Preis|E-Preis|EP|Stückpreis|Preis|Verkaufspreis|VK-Preis|VK|Preis pro Stück|Listenpreis"
            "|Artikelpreis|Einzelpreis brutto|Einzelpreis netto|Grundpreis|Verkauft für"
        ),
        "amount": (
            "Positionssumme|Zeilensumme|Zeilenbetrag|Positionsbetrag|Positionspreis|Gesamtpreis|Gesamtbetrag|Betrag"
            "|Umsatz|Gesamt|Summe|Endpreis|Endbetrag|Nettoumsatz|Umsatz netto|Umsatz brutto|Nettobetrag|Bruttobetrag"
            "|Netto|Brutto|Erlös|Wert|Gesamtsumme|Zahlbetrag|Bezahlt|Bezahlter Betrag|Verkaufserlös|Zwischensumme"
            "|Betrag brutto|Betrag netto|Betrag nach Rabatt|Summe nach Rabatt|Zwischensumme nach Rabatt"
            "|Gesamt nach Rabatt|Preis nach Rabatt"
        ),
        "amount_before_discount": (
            "Betrag vor Rabatt|Bruttoumsatz|Summe vor Rabatt|Preis vor Rabatt|Bruttoverkäufe|Listenbetrag"
        ),
        "discount": "Rabatt|Rabattbetrag|Nachlass|Preisnachlass|Ermäßigung|Rabatte|Abzug|Zeilenrabatt|Artikelrabatt",
        "discount_rate": "Rabattsatz|Rabattquote",
        "discount_percent": "Rabatt Prozent|Rabatt in Prozent|Rabattprozent|Nachlass Prozent",
        "refund": (
            "Erstattet|Erstattung|Erstattungsbetrag|Rückerstattung|Erstatteter Betrag|Rückzahlung|Gutschrift"
            "|Gutschriftbetrag"
        ),
        "refunded_at": "Erstattet am|Erstattungsdatum|Rückgabedatum|Retourendatum|Gutschriftdatum",
        "order_total": (
            "Bestellsumme|Bestellwert|Auftragssumme|Auftragswert|Bonsumme|Rechnungsbetrag|Rechnungssumme|Belegsumme"
            "|Bestellbetrag|Gesamtsumme Bestellung|Warenkorbwert|Bestellung gesamt"
        ),
        "order_discount": "Bestellrabatt|Auftragsrabatt|Bonrabatt|Rechnungsrabatt|Gutscheinbetrag|Warenkorbrabatt",
        "order_shipping": (
            "Versandkosten|Versand|Versandgebühr|Lieferkosten|Liefergebühr|Porto|Frachtkosten|Verpackung und Versand"
        ),
        "order_tax": "Steuer|Steuern|Mehrwertsteuer|MwSt|MwSt-Betrag|Umsatzsteuer|USt|USt-Betrag|Steuerbetrag",
        "order_refund": "Erstattung Bestellung|Bestellerstattung",
        "cost": "Einkaufspreis|EK-Preis|EK|Einstandspreis|Wareneinsatz|Kosten|Selbstkosten",
        "channel": "Kanal|Vertriebskanal|Verkaufskanal|Absatzkanal|Quelle|Plattform|Herkunft",
        "store_id": _STORE,
        "promotion_id": "Aktion|Aktionscode|Gutschein|Gutscheincode|Rabattcode|Aktionsnummer|Kampagne",
        "payment_method": "Zahlungsart|Zahlart|Zahlungsmethode|Bezahlart|Zahlungsmittel|Zahlungsweise|Bezahlmethode",
        "points_redeemed": "Eingelöste Punkte|Punkte eingelöst",
        "is_return": "Retoure|Rückgabe|Ist Retoure|Storno|Stornokennzeichen",
        "returned_order_id": "Ursprungsbeleg|Originalbeleg|Ursprungsbestellung|Stornierter Beleg|Belegnummer Original",
        "currency": "Währung|Währungscode",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|Nummer",
        "joined_at": (
            "Kunde seit|Mitglied seit|Eintrittsdatum|Beitrittsdatum|Anmeldedatum|Registriert am|Registrierungsdatum"
            "|Angelegt am|Anlagedatum|Beitritt"
        ),
        "birth_date": "Geburtsdatum|Geburtstag|Geb-Datum|geboren am",
        "age": "Alter",
        "gender": "Geschlecht|Anrede",
        "city": _CITY,
        "region": _REGION,
        "occupation": "Beruf|Tätigkeit",
        "tier": "Kundengruppe|Stufe|Kundenstufe|Status-Stufe|Mitgliedsstufe|Kundenklasse",
        "points": "Punkte|Punktestand|Bonuspunkte|Treuepunkte",
        "member_until": "Gültig bis|Mitglied bis|Ablaufdatum",
        "acquired_by": "Gewonnen über|Werbekanal|Herkunft|Quelle",
        "name": (
            "Name|Kundenname|Nachname|Vor- und Nachname|Vollständiger Name|Rechnungsname|Käufername|Name des Käufers"
        ),
        "phone": "Telefon|Telefonnummer|Handy|Handynummer|Mobil|Mobilnummer|Mobiltelefon|Tel-Nr|Rufnummer",
        "email": "E-Mail-Adresse|E-Mail|Mailadresse|Kunden-E-Mail|E-Mail des Käufers",
        "member_id": "Kartennummer|Kundenkartennummer|Kundenkarte|Mitgliedsnummer",
        "consent": (
            "Einwilligung|Einwilligung Auswertung|Einwilligung Analyse|Einwilligung Datenverarbeitung|Datenschutz"
            "|Datenschutzeinwilligung|Einwilligung Datenschutz|DSGVO|DSGVO-Einwilligung|Zustimmung Datenverarbeitung"
            "|Zustimmung Datenschutz|Zustimmung Auswertung|Zustimmung|Profiling-Einwilligung|Datenschutz akzeptiert"
        ),
        "contact_consent": "Werbeeinwilligung|Newsletter abonniert|Einwilligung Werbung|Kontakt erlaubt",
        "known_at": "Stand|Exportdatum|Stichtag",
    },
    "products": {
        "product_id": f"{_PRODUCT}|Nummer",
        "name": "Artikelbezeichnung|Bezeichnung|Artikelname|Produktname|Name|Titel",
        "category": "Warengruppe|Kategorie|Hauptwarengruppe|Abteilung|Artikelgruppe|Produktgruppe|Sortiment",
        "subcategory": "Unterkategorie|Unterwarengruppe|Untergruppe",
        "brand": "Marke|Hersteller|Lieferant",
        "unit_cost": "Einkaufspreis|EK-Preis|EK|Einstandspreis",
    },
    "stores": {
        "store_id": f"{_STORE}|Nummer",
        "name": "Filialname|Name|Bezeichnung",
        "city": _CITY,
        "region": _REGION,
        "opened_at": "Eröffnet am|Eröffnung|Eröffnungsdatum",
        "format": "Format|Filialtyp|Typ",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": "Kontaktdatum|Eingang|Eingegangen am|Erstellt am|Datum|Zeitpunkt",
        "kind": "Art|Kontaktart|Vorgangsart|Typ|Anliegen",
        "channel": "Kanal|Kontaktkanal|Kontaktweg",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "Thema|Betreff|Grund|Beschwerdegrund",
        "owner": "Abteilung|Team|Zuständige Abteilung|Zuständigkeit",
        "first_response_at": "Erste Antwort|Beantwortet am",
        "resolved_at": "Gelöst am|Erledigt am|Abgeschlossen am",
        "text": "Text|Inhalt|Nachricht|Beschreibung|Bemerkung",
    },
    "surveys": {
        "response_id": "Antwortnummer|Antwort-ID|Fragebogennummer|Bewertungs-ID",
        "invited_at": "Eingeladen am|Versendet am",
        "answered_at": "Beantwortet am|Antwortdatum|Ausgefüllt am|Datum",
        "customer_id": _CUSTOMER,
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "Kommentar|Anmerkung|Freitext|Bewertungstext",
        "score_recommend": "Weiterempfehlung|Empfehlung|Weiterempfehlungsbereitschaft",
        "score_satisfaction": "Zufriedenheit|Gesamtzufriedenheit|Bewertung|Sterne|Gesamturteil",
        "score_staff": "Personal|Beratung|Freundlichkeit",
        "score_range": "Auswahl|Sortiment",
        "score_price": "Preis|Preis-Leistung",
        "score_quality": "Qualität",
        "score_speed": "Geschwindigkeit|Lieferung|Schnelligkeit",
        "score_environment": "Atmosphäre|Ambiente",
    },
    "contacts": {
        "campaign_id": "Kampagne|Kampagnen-ID|Kampagnennummer|Aktion",
        "customer_id": _CUSTOMER,
        "contacted_at": "Kontaktiert am|Versanddatum|Versendet am|Kontaktdatum",
        "arm": "Gruppe|Testgruppe|Variante",
        "offer": "Angebot|Anreiz",
        "cost": "Kosten",
        "responded_at": "Reagiert am|Antwortdatum",
        "response_value": "Umsatz|Wert",
    },
}
"""By table and canonical column."""

ALSO: Final[dict[str, str]] = {
    "quantity": "Absatz",
    "unit_price": "Verkaufspreis brutto|Verkaufspreis netto",
    "amount": "Preis|Verkaufspreis|Bruttoumsatz|Bestellsumme|Rechnungsbetrag|Bonsumme|Auftragswert|Bestellwert",
    "amount_before_discount": "Gesamtpreis|Betrag|Umsatz|Zwischensumme|Brutto|Bruttobetrag|Summe|Positionssumme",
    "discount": "Rabattsatz|Rabatt Prozent|Bonrabatt",
    "discount_rate": "Rabatt|Nachlass|Ermäßigung",
    "discount_percent": "Rabatt|Rabattsatz|Nachlass|Ermäßigung",
    "refund": "Bestellerstattung|Rückgabe|Retourenbetrag",
    "order_total": (
        "Summe|Gesamt|Gesamtbetrag|Gesamtsumme|Gesamtpreis|Betrag|Endbetrag|Zahlbetrag|Zwischensumme|Brutto|Umsatz"
    ),
    "order_discount": "Rabatt|Rabattbetrag|Nachlass|Rabatte",
    "order_refund": "Erstattung|Erstattungsbetrag|Rückerstattung|Gutschrift",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
