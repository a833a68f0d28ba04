"""Japanese names of the canonical columns in other systems, separated by ``|``, the likeliest first."""

from typing import Final

_CUSTOMER: Final = (
    "会員ID|会員番号|会員コード|会員No|顧客ID|顧客コード|顧客番号|顧客No|お客様番号|お客様コード|得意先コード|得意先"
    "|購入者ID|注文者ID|ユーザーID|ユーザID|カード番号|会員カード番号|会員|顧客|購入者|ニックネーム"
)
_ORDER: Final = (
    "注文番号|注文ID|注文No|受注番号|受注ID|受注No|オーダーID|オーダー番号|伝票番号|伝票No|取引ID|取引番号|レシート番号"
    "|レシートNo|会計ID|会計番号|売上番号|売上ID|購入番号|注文管理番号|伝票"
)
_STORE: Final = "店舗ID|店舗コード|店舗番号|店舗名|店舗|店名|支店|店コード"
_PRODUCT: Final = (
    "商品コード|商品番号|商品ID|商品管理番号|品番|JANコード|バーコード|SKUコード|SKU管理番号|アイテムコード|型番|商品No"
    "|品目コード"
)
_CITY: Final = "市区町村|市町村|市|都市区|都市"
_REGION: Final = "都道府県|地域|国|エリア"

NAMES: Final[dict[str, dict[str, str]]] = {
    "transactions": {
        "customer_id": _CUSTOMER,
        "order_id": _ORDER,
        "line_id": "明細ID|明細番号|行番号|取引明細ID|注文明細番号|項番|明細No",
        "ordered_at": (
            "注文日時|注文日|注文時間|受注日時|受注日|購入日時|購入日|取引日時|取引日|販売日時|販売日|売上日時|売上日"
            "|会計日時|会計日|端末取引日時|決済日時|決済日|入金日|支払日|作成日時|作成日|伝票日付|日時|日付|年月日"
            "|営業日"
        ),
        "product_id": _PRODUCT,
        "description": "商品名|商品名称|品名|アイテム名|商品|メニュー名|メニュー|品目|品目名|製品名|商品詳細",
        "quantity": "数量|個数|販売数|販売数量|注文数|購入数|点数|販売個数|注文個数|売上数量",
        "unit_price": "単価|商品単価|販売単価|価格|販売価格|商品価格|定価|税込単価|税抜単価|税込価格",
        "amount": (
            "小計|金額|合計|合計金額|売上金額|売上|販売金額|商品金額|明細金額|税込金額|税抜金額|支払金額|お支払い金額"
            "|純売上|値引き後小計|値引後金額|商品合計|税込合計|お支払金額|明細小計|総額"
        ),
        "amount_before_discount": "値引き前小計|値引前金額|割引前金額|総売上|割引前小計|値引前小計|単価値引き前小計",
        "discount": (
            "値引|値引き|値引額|割引|割引額|値引金額|割引金額|クーポン割引|クーポン割引額|クーポン利用額|ポイント値引き"
            "|単価値引き小計"
        ),
        "discount_rate": "割引率|値引率",
        "discount_percent": "割引率パーセント",
        "refund": "返金額|返金金額|返金|払戻金額|払戻額|返品金額|合計返金額",
        "refunded_at": "返金日時|返金日|返品日|払戻日",
        "order_total": (
            "注文金額|注文合計|注文合計金額|注文総額|受注金額|受注合計|請求金額|請求額|合計請求金額|お買上合計|総合計"
            "|会計金額"
        ),
        "order_discount": "注文割引|小計値引き|小計値引|合計値引|クーポン合計|会計値引",
        "order_shipping": "送料|送料合計|配送料|配送料金|運賃|発送料",
        "order_tax": "消費税|消費税額|税額|税|内消費税|消費税合計|外税",
        "order_refund": "注文返金額|注文返金",
        "cost": "原価|仕入価格|仕入単価|商品原価|仕入原価",
        "channel": "チャネル|販売チャネル|販路|モール|購入サイト|流入元|経路",
        "store_id": _STORE,
        "promotion_id": "クーポン|クーポンコード|クーポン番号|キャンペーン|キャンペーンコード|プロモーション",
        "payment_method": "決済方法|支払方法|支払い方法|お支払い方法|お支払方法|支払区分|決済手段",
        "points_redeemed": "利用ポイント|使用ポイント|ポイント利用額|ポイント利用|ポイント使用",
        "is_return": "返品フラグ|返品|返品区分",
        "returned_order_id": "元注文番号|元取引ID|元伝票番号|返品元取引ID",
        "currency": "通貨|通貨コード",
    },
    "customers": {
        "customer_id": f"{_CUSTOMER}|番号",
        "joined_at": "入会日|入会日時|登録日|登録日時|会員登録日|会員登録日時|加入日",
        "birth_date": "生年月日|誕生日",
        "age": "年齢",
        "gender": "性別",
        "city": _CITY,
        "region": _REGION,
        "occupation": "職業",
        "tier": "会員ランク|ランク|会員区分|会員グループ|ステージ",
        "points": "ポイント|保有ポイント|ポイント残高|所持ポイント",
        "member_until": "有効期限|会員期限",
        "acquired_by": "登録経路|入会経路|流入経路|きっかけ",
        "name": "氏名|名前|お名前|会員名|顧客名|お客様名|注文者名|注文者氏名|購入者名|姓名|ご注文者名|会員氏名",
        "phone": "電話番号|電話|携帯電話|携帯番号|注文者電話番号|TEL|携帯電話番号",
        "email": "メールアドレス|メール|Eメール|注文者メールアドレス|Eメールアドレス",
        "member_id": "会員カード番号|カード番号|会員証番号",
        "consent": (
            "同意|分析同意|データ利用同意|個人情報利用同意|個人情報同意|個人情報の取り扱い同意|プライバシーポリシー同意"
            "|プライバシー同意|個人情報取扱同意|データ分析同意"
        ),
        "contact_consent": "メルマガ|DM可否|メルマガ購読",
        "known_at": "出力日時|抽出日|出力日",
    },
    "products": {
        "product_id": f"{_PRODUCT}|番号",
        "name": "商品名|品名|商品名称|名称|アイテム名",
        "category": "カテゴリ|カテゴリー|部門|商品カテゴリ|分類|商品分類|部門名|大分類",
        "subcategory": "サブカテゴリ|小分類|中分類",
        "brand": "ブランド|メーカー|ブランド名|メーカー名",
        "unit_cost": "原価|仕入価格|仕入単価",
    },
    "stores": {
        "store_id": f"{_STORE}|番号",
        "name": "店舗名|店名|名称",
        "city": _CITY,
        "region": _REGION,
        "opened_at": "開店日|オープン日",
        "format": "業態|店舗種別|店舗タイプ",
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "at": "問い合わせ日時|問合せ日時|受付日時|受付日|日時|日付",
        "kind": "種別|問い合わせ種別|区分|種類",
        "channel": "チャネル|受付経路|経路",
        "store_id": _STORE,
        "order_id": _ORDER,
        "topic": "件名|内容区分|理由|題名",
        "owner": "担当部署|対応部署|部署",
        "first_response_at": "初回回答日時|初回返信日時",
        "resolved_at": "解決日時|完了日時|対応完了日",
        "text": "内容|本文|問い合わせ内容|メッセージ",
    },
    "surveys": {
        "response_id": "回答ID|回答番号|アンケートID",
        "invited_at": "送信日時|配信日時",
        "answered_at": "回答日時|回答日|日時|日付",
        "customer_id": _CUSTOMER,
        "store_id": _STORE,
        "order_id": _ORDER,
        "comment": "コメント|感想|自由記述|レビュー|ご意見",
        "score_recommend": "推奨度|おすすめ度|推奨意向",
        "score_satisfaction": "満足度|総合満足度|評価|総合評価|星",
        "score_staff": "接客|スタッフ",
        "score_range": "品揃え",
        "score_price": "価格|値段",
        "score_quality": "品質",
        "score_speed": "スピード|配送",
        "score_environment": "店内環境|雰囲気",
    },
    "contacts": {
        "campaign_id": "キャンペーンID|キャンペーン|施策ID|施策",
        "customer_id": _CUSTOMER,
        "contacted_at": "送信日時|配信日時|送信日|配信日",
        "arm": "グループ|テスト群|群",
        "offer": "特典|オファー",
        "cost": "費用|コスト",
        "responded_at": "反応日時|反応日",
        "response_value": "反応金額|売上金額",
    },
}
"""By table and canonical column."""

ALSO: Final[dict[str, str]] = {
    "quantity": "点数合計",
    "unit_price": "商品価格",
    "amount": "価格|販売価格|商品価格|総売上|注文金額|注文合計|注文合計金額|請求金額|請求額|合計請求金額|会計金額",
    "amount_before_discount": "小計|金額|合計|商品金額|売上金額|商品合計|合計金額|売上",
    "discount": "小計値引き|小計値引|合計値引|割引率",
    "discount_rate": "割引|値引|値引き",
    "discount_percent": "割引率|値引率|割引|値引|値引き",
    "refund": "注文返金額",
    "order_total": "合計|合計金額|小計|金額|支払金額|お支払い金額|売上金額|税込合計|総額|商品合計|お支払金額",
    "order_discount": "値引|値引き|値引額|割引|割引額|割引金額|クーポン利用額|クーポン割引額|ポイント値引き",
    "order_refund": "返金額|返金金額|返金|合計返金額|払戻金額",
}
"""Money and quantities of order lines: what a name may stand for as well, which only the values can tell."""
