"""What the exports call their columns: header to role, best name first."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^\w]+|_+")
#: A currency, unit or zone behind the name, as in `Amount spent (EUR)`.
_UNIT = re.compile(r"\s*[(\[]\s*(?:[A-Za-z]{3}|[€$£¥]|lei|zł|kr)\s*[)\]]\s*$")
#: Letters that no accent was put on to.
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_PREFIXES: Final = (
    "properties_", "event_params_", "event_properties_", "context_", "user_properties_", "property_", "mp_", "hs_",
    "case_",
)  # fmt: skip


def normalised(header: str) -> str:
    """Bring a header into the form the dictionary is written in.

    >>> normalised("VisitDate"), normalised("case:concept:name"), normalised("$insert_id")
    ('visit_date', 'case_concept_name', 'insert_id')
    """
    return _OTHER.sub("_", _CAMEL.sub("_", header.strip().strip('"\ufeff'))).strip("_").casefold()


def forms(header: str) -> tuple[str, ...]:
    """Name the forms under which a header is looked up: the full name, then without its unit or its export's prefix.

    >>> forms("case:concept:name"), forms("Amount spent (EUR)")
    (('case_concept_name', 'concept_name'), ('amount_spent_eur', 'amount_spent'))
    """
    full = normalised(header.removeprefix("*."))
    bare = normalised(_UNIT.sub("", header.removeprefix("*.")))
    stripped = next((bare.removeprefix(prefix) for prefix in _PREFIXES if bare.startswith(prefix)), bare)
    return tuple(dict.fromkeys(form for form in (full, bare, stripped) if form))


def _compact(form: str) -> str:
    """Take underscores and accents away, so that `Größe`, `grosse` and `GRÖSSE` are one."""
    letters = unicodedata.normalize("NFKD", form.casefold().translate(_LETTERS))
    return "".join(letter for letter in letters if letter != "_" and not unicodedata.combining(letter))


@lru_cache(4_096)
def _compact_forms(header: str) -> tuple[str, ...]:
    return tuple(map(_compact, forms(header)))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_compact(name) for name in text.split()))


#: Names per role, the best first, without underscores and accents.
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "customer_id": _names(
        """customer_id customer user_id user stitched_user_id person_id distinct_id resolved_distinct_id amplitude_id
        user_pseudo_id client_key client_id anonymous_id domain_userid network_userid visitor_id idvisitor
        full_visitor_id user_identifier device_id cookie uid member_id subscriber_id account_id contact_id record_id
        associated_contact_ids object_id requester_id requester_external_id respondent_id response_id case_id
        case_concept_name patient_id email e_mail email_address requester_email person_email recipient_email phone
        stitched_id profile_id buyer buyer_id shopper_id household_id party_id person_identifier customer_number
        customer_no customer_key client user_name_hash hashed_email email_hash account account_number
        kunde kunden_id kundennummer kunden_nr kundennr besucher besucher_id benutzer benutzer_id nutzer nutzer_id
        id_client cod_client client_id_unic utilizator id_utilizator vizitator klant klant_id klantnummer gebruiker
        bezoeker cliente id_cliente codigo_cliente usuario id_usuario codice_cliente utente id_utente visiteur
        utilisateur id_utilisateur numero_client klient id_klienta nr_klienta uzytkownik id_uzytkownika usuario_id
        codigo_do_cliente utilizador
        客户 客户编号 客户id 客户号 用户 用户id 用户编号 会员 会员id 会员编号
        identifiant_client identifiant musteri musteri_id musteri_no kullanici ugyfel ugyfel_id
        ugyfelszam vasarlo zakaznik zakaznik_id kund kund_id kunde_id asiakas πελατης клиент клиент_id
        id_клиента покупатель пользователь id_пользователя клієнт клієнт_id покупець 顧客 顧客id 顧客番号 会員番号
        お客様 お客様id ユーザー ユーザーid 고객 고객id 고객_id 고객번호 회원 회원id 사용자 사용자id العميل معرف_العميل
        رقم_العميل الزبون לקוח מזהה_לקוח מספר_לקוח khach_hang ma_khach_hang who"""
    ),
    "timestamp": _names(
        """timestamp event_timestamp event_time original_timestamp client_event_time derived_tstamp dvce_created_tstamp
        collector_tstamp time time_timestamp datetime date_time occurred_at happened_at complete_timestamp
        start_timestamp created_at create_date server_time last_action_date_time last_action_timestamp
        visit_first_action_time start_tstamp cv_tstamp paid_at submit_date_utc submitted_at recorded_date
        interaction_time interaction_date visit_date end_date date_entered close_date solved_at invoice_date
        purchase_date order_date response_date review_date event_date tweet_created start_date date day sent_at
        received_at
        occurred_on event_datetime event_date_dt event_ts ts timestamp_utc datetime_utc activity_date activity_time
        contact_date touch_date touch_time visit_time visit_start_time session_start session_date hit_time log_time
        transaction_date transaction_time published published_at posted_at submitted submit_date completed_at
        completed_date completion_date opened_at response_time survey_date ticket_created create_time creation_date
        zeitstempel zeitpunkt zeit datum uhrzeit datum_uhrzeit erstellt_am erstellt bestelldatum kaufdatum besuchsdatum
        data_ora data timp marca_temporala data_comanda data_comenzii data_vizitei creat_la horodatage date_heure heure
        date_commande cree_le fecha fecha_hora hora marca_de_tiempo fecha_pedido creado_en ora data_evento data_ordine
        tijdstip tijd besteldatum aangemaakt_op czas data_zamowienia data_utworzenia znacznik_czasu data_hora
        data_pedido criado_em
        时间 日期 时间戳 发生时间 创建时间 下单时间 访问时间
        date_et_heure data_e_ora data_e_hora fecha_y_hora tarih saat tarih_saat zaman islem_tarihi idopont datum_ido
        datum_cas tidpunkt tidspunkt dato paivamaara ημερομηνια ημερομηνια_ωρα дата время дата_и_время
        дата_время дата_события дата_заказа
        час дата_та_час 日時 日付 時刻 発生日時 注文日 購入日 日期時間 時間 시간 날짜 일시 일자 주문일
        التاريخ التاريخ_والوقت الوقت תאריך תאריך_ושעה שעה thoi_gian ngay ngay_gio when"""
    ),
    "touchpoint": _names(
        """touchpoint touch_point event_name event_text event interaction action activity activity_id activity_name
        concept_name event_type amplitude_event_type interaction_type se_action page_name screen_name type name
        deal_stage lifecycle_stage status page
        page_path page_title page_url url page_location current_url
        event_label event_action activity_type event_title contact_type touchpoint_name touch_type interaction_name
        step_name screen action_name action_type conversion_event cv_type
        ereignis ereignisname kontaktpunkt beruhrungspunkt kontakt aktion aktivitat vorgang seite eveniment
        nume_eveniment actiune activitate punct_de_contact interactiune pagina evenement point_de_contact activite
        evento nombre_evento accion actividad punto_de_contacto interaccion azione attivita
        punto_di_contatto interazione gebeurtenis actie activiteit contactmoment contactpunt zdarzenie nazwa_zdarzenia
        akcja aktywnosc punkt_styku acao atividade ponto_de_contato ponto_de_contacto interacao
        事件 事件名称 触点 接触点 行为 动作 页面 活动
        punkt_kontaktu ponto_contato temas_noktasi etkilesim olay sayfa erintkezesi_pont esemeny interakcio
        kontaktni_bod udalost interakce kontaktyta handelse σημειο_επαφης точка_контакта точка_касания событие действие
        взаимодействие страница точка_контакту подія дія タッチポイント イベント 接点 行動 ページ 顧客接点
        事件名稱 接觸點 접점 터치포인트 이벤트 행동 페이지 نقطة_الاتصال نقطة_التواصل الحدث الاجراء נקודת_מגע אירוע פעולה
        diem_cham su_kien hanh_dong what"""
    ),
    "channel": _names(
        """channel marketing_channel acquisition_channel default_channel_group primary_channel_group channel_grouping
        channel_group utm_medium_source medium utm_medium mkt_medium manual_medium campaign_medium source utm_source
        mkt_source manual_source campaign_source referrer_type referrer_type_name original_source analytics_source
        latest_source via via_channel lead_source distribution_channel source_name
        default_channel_grouping session_default_channel_group channel_name media_channel contact_channel media_type
        kanal marketingkanal vertriebskanal medium_kanal herkunft canal canal_de_marketing canal_marketing sursa
        sursa_trafic
        canal_acquisition canal_de_venta fuente canale canale_marketing fonte kanaal bron marketing_kanal zrodlo
        kanal_marketingowy canal_de_aquisicao origem
        渠道 来源 营销渠道
        csatorna καναλι канал источник канал_привлечения джерело チャネル チャンネル 流入元 渠道來源 管道 채널
        유입_채널 القناة المصدر ערוץ kenh where"""
    ),
    "ownership": _names("ownership media_type owned_paid_earned poem"),
    "stage": _names("""stage journey_stage funnel_stage lifecycle_stage customer_stage deal_stage phase
        step_stage stufe kaufphase etapa etapa_calatoriei etape fase faza etap stadium 阶段"""),
    "device": _names(
        """device device_category device_type dvce_type platform os device_name device_family gerat geraet endgerat
        geratetyp dispozitiv tip_dispozitiv appareil dispositivo tipo_dispositivo apparaat urzadzenie 设备 终端"""
    ),
    "campaign": _names(
        """campaign campaign_name utm_campaign mkt_campaign manual_campaign_name ad_name
        context_campaign_name campaign_title promotion kampagne kampagnenname campanie nume_campanie campagne
        nom_campagne campana nombre_campana campagna nome_campagna kampania campanha 活动名称 广告系列"""
    ),
    "revenue": _names(
        """revenue purchase_revenue purchase_revenue_in_usd event_value_in_usd conversion_value cv_value amount
        deal_amount total tr_total order_total order_value total_ecommerce_revenue total_conversion_value value price
        ltv monetary_value
        sales sales_amount amount_paid paid_amount transaction_revenue gross_revenue net_revenue grand_total
        total_amount total_price order_amount purchase_amount payment_amount
        umsatz betrag gesamtbetrag bestellwert warenkorbwert kaufbetrag preis wert erlos venit venituri suma valoare
        valoare_comanda total_comanda pret incasari chiffre_affaires chiffre_d_affaires montant valeur prix
        montant_total ingresos ingreso importe valor monto precio ventas ricavi ricavo importo valore prezzo fatturato
        omzet bedrag waarde prijs orderwaarde przychod przychody kwota wartosc cena receita valor_total preco
        faturamento
        收入 金额 销售额 订单金额 支付金额
        receitas gelir tutar fiyat ciro bevetel osszeg trzba castka intakt belopp belob εσοδα ποσο
        выручка сумма доход стоимость сумма_заказа виручка сума дохід 売上 売上高 金額 収益 收益 營收 매출 금액
        수익 결제금액 الايرادات الإيرادات المبلغ القيمة הכנסה סכום doanh_thu so_tien"""
    ),
    "emotion": _names("emotion feeling gefuhl emotie emotion_score emocion emozione emocja emocao 情绪值"),
    "score": _names(
        """score nps nps_score csat csat_score ces ces_score satisfaction_score satisfaction rating star_rating stars
        sentiment_score sentiment survey_response customer_satisfaction star_rating_score likelihood_to_recommend
        recommendation_score review_score effort_score
        stimmung bewertung sterne zufriedenheit weiterempfehlung punktzahl scor punctaj rating_client evaluare stele
        satisfactie recomandare note_satisfaction evaluation etoiles recommandation puntuacion calificacion valoracion
        estrellas satisfaccion punteggio valutazione stelle soddisfazione beoordeling score_klant sterren tevredenheid
        ocena gwiazdki zadowolenie avaliacao nota pontuacao estrelas satisfacao
        评分 情感 情绪 满意度 星级
        sentiment_score sentimiento sentimento nastroj duygu puan memnuniyet hangulat ertekeles pontszam
        hodnoceni nalada omdome betyg συναισθημα βαθμολογια настроение оценка рейтинг тональность настрій оцінка
        感情 評価 満足度 スコア 評分 情緒 滿意度 감정 평점 점수 만족도 المشاعر التقييم الرضا רגש דירוג ציון danh_gia"""
    ),
    "score_kind": _names("score_kind score_type survey_type scale"),
    "comment": _names(
        """comment comments verbatim feedback review_text text reason response_text additional_comments review message
        review_body review_content full_text snippet customer_comment open_text free_text answer_text description_text
        kommentar kommentare bemerkung anmerkung freitext grund begrundung rezension nachricht comentariu comentarii
        recenzie mesaj motiv parere observatii commentaire commentaires avis raison comentario comentarios opinion
        resena
        mensaje motivo commento commenti recensione messaggio opmerking opmerkingen reactie toelichting komentarz opinia
        uwagi wiadomosc comentario_cliente avaliacao_texto mensagem
        评论 反馈 留言 评价 意见"""
    ),
    "identity": _names(
        """anonymous_id user_pseudo_id device_id cookie_id cookie domain_userid network_userid visitor_id client_id
        amplitude_id distinct_id session_user_id previous_id email e_mail email_address mail phone phone_number mobile
        hashed_email email_hash loyalty_id loyalty_card card_number_hash member_number crm_id contact_id lead_id
        external_id requester_id telefon telefonnummer e_mail_adresse adresa_email telefon_mobil courriel correo
        correo_electronico telefono indirizzo_email telefoonnummer numer_telefonu telefone 邮箱 手机 手机号 电话"""
    ),
    "source": _names(
        """utm_source source session_source event_source traffic_source first_user_source campaign_source mkt_source
        manual_source context_campaign_source refr_source quelle sursa source_trafic fuente fonte bron zrodlo origem"""
    ),
    "medium": _names(
        """utm_medium medium session_medium event_medium traffic_medium first_user_medium campaign_medium mkt_medium
        manual_medium context_campaign_medium refr_medium mediu support_marketing medio mezzo meio"""
    ),
    "referrer": _names(
        """referrer referer page_referrer http_referrer http_referer referrer_url referring_url referring_domain
        referring_site document_referrer context_page_referrer verweis verweisende_seite referent referinta"""
    ),
}
#: Names of columns that number the lines or events of an export: they repeat only if the export repeats itself.
EVENT_IDS: Final = frozenset(
    _names("""event_id insert_id message_id uuid event_uuid id row_id hit_id log_id interaction_id journey_id ticket_id
        event_fingerprint response_id activity_instance_id nr lfd_nr zeilennummer""")
)
#: Names of columns with the address or the name of a page, the best first.
PAGES: Final = _names(
    "page_location current_url page_url url page_path page_urlpath path page page_title url_screen screen_name"
)
#: Names of columns with personal data that no analysis here needs.
PERSONAL: Final = frozenset(
    _names(
        """name first_name last_name full_name customer_name user_name email e_mail email_address phone phone_number
        mobile address street zip postcode postal_code ip ip_address iban cnp ssn passport birth_date date_of_birth
        birthday billing_name billing_phone shipping_name shipping_phone user_ip user_ip_address context_ip visit_ip
        recipient_email recipient_first_name recipient_last_name requester_name passport_number national_id
        vorname nachname kundenname strasse postleitzahl plz telefon geburtsdatum anschrift
        nume prenume nume_client adresa telefon_mobil cod_postal data_nasterii prenom nom nom_client adresse code_postal
        telephone date_de_naissance nombre apellido apellidos direccion codigo_postal telefono fecha_de_nacimiento
        nome cognome indirizzo data_di_nascita voornaam achternaam adres telefoonnummer geboortedatum
        imie nazwisko kod_pocztowy numer_telefonu data_urodzenia sobrenome endereco telefone data_de_nascimento
        姓名 手机 手机号 邮箱 地址 身份证"""
    )
)
#: Names of times at which a tool took a line in, not at which a customer did something.
INGEST_TIMES: Final = frozenset(
    _names(
        """inserted_at received_at sent_at etl_tstamp processing_time_ms api_timestamp_ms server_upload_time
        server_received_time client_upload_time processed_time updated_at updated last_modified_date uuid_ts
        loaded_at"""
    )
)
#: Values of the `channel` that tools for developers write: where the code ran, not how the customer came.
CODE_ORIGINS: Final = frozenset({"server", "browser", "mobile", "web", "sources", "http", "client"})
DEVELOPER_HEADERS: Final = frozenset(_names("anonymous_id message_id original_timestamp received_at uuid_ts"))
SPEND_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "date": _names(
        """date day week reporting_starts start_date month segments_date spend_date spend_tstamp
        datum tag woche monat data zi saptamana luna jour semaine mois fecha dia semana mes giorno settimana mese dag
        week_start maand dzien tydzien miesiac 日期"""
    ),
    "channel": _names(
        """channel medium utm_medium source utm_source platform network publisher_platform
        marketing_channel channel_name media_channel kanal marketingkanal canal canale kanaal 渠道"""
    ),
    "campaign": _names(
        """campaign campaign_name utm_campaign campaign_id ad_set_name ad_name kampagne kampagnenname campanie campagne
        campana campagna kampania campanha"""
    ),
    "cost": _names(
        """cost spend amount_spent ad_spend spent costs total_cost total_spend media_cost
        kosten ausgaben werbekosten werbeausgaben budget_ausgegeben cheltuieli cheltuiala cost_total buget_cheltuit cout
        depense depenses montant_depense coste gasto gastos importe_gastado costo spesa spese importo_speso uitgaven
        koszt koszty wydatki custo gasto_total valor_gasto valor_usado 花费 费用 成本"""
    ),
}


def rank(header: str, names: tuple[str, ...]) -> float | None:
    """Rate how well a header matches a role's names: 0 is best, None is not at all; a stripped name comes second."""
    for n_stripped, compact in enumerate(_compact_forms(header)):
        if compact in names:
            return names.index(compact) + 0.5 * n_stripped
    return None


def is_known(header: str) -> bool:
    """Tell a header that names some role."""
    return any(rank(header, names) is not None for names in ALIASES.values())


def is_called(header: str, names: frozenset[str]) -> bool:
    return any(compact in names for compact in _compact_forms(header))
