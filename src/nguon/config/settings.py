"""Settings. Everything a site may change is an environment variable; docs/operator.md lists them all."""

import os
import secrets
from pathlib import Path
from typing import cast

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from nguon.config import channels

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("NGUON_DATA", "data")).resolve()
BIND = os.environ.get("NGUON_BIND", "127.0.0.1")
PORT = int(os.environ.get("NGUON_PORT", "8000"))
DEBUG = os.environ.get("NGUON_DEBUG", "") == "1"


def _second_factor() -> str:
    """Whether whoever approves or administers must have one. Raises ImproperlyConfigured for another word."""
    said = os.environ.get("NGUON_SECOND_FACTOR", "required")
    if said not in ("required", "offered"):
        raise ImproperlyConfigured(f"NGUON_SECOND_FACTOR is {said!r}; it may be required or offered")
    return said


def _secret() -> str:
    """The key that signs sessions: from the environment, or made once and kept in the data folder."""
    if key := os.environ.get("NGUON_SECRET_KEY"):
        return key
    path = DATA / "secret.key"
    DATA.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


def _database() -> dict[str, object]:
    """The database named by NGUON_DATABASE_URL. SQLite gets the options without which concurrent writers fail."""
    found: dict[str, object] = dict(
        dj_database_url.parse(os.environ.get("NGUON_DATABASE_URL", f"sqlite:///{DATA / 'nguon.sqlite3'}"))
    )
    if found["ENGINE"] == "django.db.backends.sqlite3":
        pragmas = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA cache_size=-32000; "
            "PRAGMA secure_delete=ON; "  # what is erased is gone from the file too
            "PRAGMA wal_autocheckpoint=8000;"  # 32 MB: a checkpoint in the middle of an alert would hold the answers up
        )
        found["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    else:
        asked = cast("dict[str, object]", found.get("OPTIONS", {}))  # by the address: sslmode and the like
        found["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8}, **asked}
    return found


SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("NGUON_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("NGUON_ORIGINS", "").split(",") if origin]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A channel is one folder and one line here: its app, if it has one, and its pages come with it.
NGUON_CHANNELS = os.environ.get(
    "NGUON_CHANNELS", "nguon.channels.speaker.Speaker nguon.channels.board.Board nguon.channels.site.Site"
).split()

INSTALLED_APPS = [
    "nguon.ui",
    "nguon.journal",
    "nguon.places",
    "nguon.people",
    "nguon.keys",
    "nguon.media",
    "nguon.devices",
    "nguon.review",
    "nguon.newsroom",
    "nguon.archive",
    "nguon.delivery",
    "nguon.programme",
    "nguon.alerts",
    "nguon.links",
    "nguon.live",
    "nguon.portal",
    "nguon.feedback",
    "nguon.monitor",
    "nguon.api",
    *channels.apps(NGUON_CHANNELS),
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "nguon.portal.middleware.SiteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nguon.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "nguon.people.middleware.VisitMiddleware",
    "nguon.people.middleware.SignInMiddleware",
    "nguon.people.middleware.OwnPasswordMiddleware",
    "nguon.people.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nguon.ui.middleware.ContentPolicyMiddleware",
]
ROOT_URLCONF = "nguon.config.urls"
NGUON_PUBLIC_URLCONF = "nguon.config.public_urls"  # below a site
NGUON_PUBLIC_PATHS = ("/phan-anh/", "/canh-bao-hien-co/")  # pages for the public that belong to no site
NGUON_PUBLIC_SITES = "nguon.portal.skins.address_in"  # who knows the site of a place
NGUON_PUBLIC_WARNINGS = "nguon.alerts.public.in_force"  # who knows which warning stands above every page
ASGI_APPLICATION = "nguon.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nguon.config.menu.context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "nguon.ui.templatetags.ui"],
        },
    }
]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
AUTH_USER_MODEL = "people.Person"
NGUON_SECOND_FACTOR = _second_factor()
NGUON_SIGN_IN_TRIES = int(os.environ.get("NGUON_SIGN_IN_TRIES", "8"))  # wrong ones in a row before waits begin
NGUON_SIGN_IN_WAIT_MINUTES = int(os.environ.get("NGUON_SIGN_IN_WAIT_MINUTES", "15"))  # the longest wait
NGUON_SESSION_HOURS = int(os.environ.get("NGUON_SESSION_HOURS", "12"))  # then one signs in again
NGUON_SESSION_IDLE_MINUTES = int(os.environ.get("NGUON_SESSION_IDLE_MINUTES", "120"))
NGUON_PASSWORD_LENGTH = max(8, int(os.environ.get("NGUON_PASSWORD_LENGTH", "10")))  # characters at least
NGUON_PASSWORD_LIST = os.environ.get("NGUON_PASSWORD_LIST", "")  # a file of passwords nobody may choose, one a line
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": NGUON_PASSWORD_LENGTH}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
]
if NGUON_PASSWORD_LIST:
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": f"{_VALIDATION}.CommonPasswordValidator", "OPTIONS": {"password_list_path": NGUON_PASSWORD_LIST}}
    )
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign-in"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
SERVESTATIC_USE_FINDERS = True
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = os.environ.get("NGUON_HTTPS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "sessionid"  # so named no subdomain can set it
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages hold the token themselves
CSRF_FAILURE_VIEW = "nguon.ui.public.forged"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0  # browsers then come by HTTPS only

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "archive"]}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("NGUON_LOG", "INFO")},
    "loggers": {
        name: {"level": "WARNING"} for name in ("gmqtt", "httpcore", "httpx", "django_tasks")
    },  # a line for each thing
}

# Our own. A plug is one line here; what fails its check is off, with its reason on the status page.
NGUON_PIPER = os.environ.get("NGUON_PIPER", "")  # folder of Piper voices
NGUON_VOICES = [*(["nguon.plugs.voices.piper.Piper"] if NGUON_PIPER else []), "nguon.plugs.espeak.Espeak"]
NGUON_VOICE_PROVIDERS = [  # voices that need an account; the accounts are kept by place
    "nguon.plugs.voices.fpt.Fpt",
    "nguon.plugs.voices.viettel.Viettel",
    "nguon.plugs.voices.vnpt.Vnpt",
    "nguon.plugs.voices.vbee.Vbee",
    "nguon.plugs.voices.zalo.Zalo",
    "nguon.plugs.voices.azure.Azure",
    "nguon.plugs.voices.google.Google",
    "nguon.plugs.voices.openai.OpenAi",
    "nguon.plugs.voices.openai.VieNeu",
    "nguon.plugs.voices.openai.Supertonic",
]
NGUON_BUS = os.environ.get("NGUON_BUS", "nguon.plugs.mqtt.MqttBus")
NGUON_BROKER_BIND = os.environ.get("NGUON_BROKER_BIND", "127.0.0.1")
NGUON_BROKER_PORT = int(os.environ.get("NGUON_BROKER_PORT", "18830"))
NGUON_BROKER_OWN = "NGUON_BROKER_URL" not in os.environ  # nobody named another: we run one
NGUON_BROKER_URL = os.environ.get("NGUON_BROKER_URL", f"mqtt://127.0.0.1:{NGUON_BROKER_PORT}")
NGUON_BROKER_PUBLIC_URL = os.environ.get("NGUON_BROKER_PUBLIC_URL", "")  # as devices reach it; see `devices.door`
NGUON_BROKER_TLS_PORT = int(os.environ.get("NGUON_BROKER_TLS_PORT", "18883"))  # for devices
NGUON_BROKER_TLS_BIND = os.environ.get("NGUON_BROKER_TLS_BIND", BIND)
NGUON_BROKER_CERT = os.environ.get("NGUON_BROKER_CERT", "")  # files of the operator's own; else we make ours
NGUON_BROKER_KEY = os.environ.get("NGUON_BROKER_KEY", "")
NGUON_BROKER_CA = os.environ.get("NGUON_BROKER_CA", "")
NGUON_BROKER_PASSWORD_FILE = DATA / "broker" / "server.password"
NGUON_RELAY_BIND = os.environ.get("NGUON_RELAY_BIND", "127.0.0.1")
NGUON_RELAY_PORT = int(os.environ.get("NGUON_RELAY_PORT", "18840"))
NGUON_RELAY_OWN = "NGUON_RELAY_URL" not in os.environ  # live sound goes through a relay of our own
NGUON_RELAY = f"nguon.plugs.relays.{'own.Own' if NGUON_RELAY_OWN else 'icecast.Icecast'}"
NGUON_RELAY_URL = os.environ.get("NGUON_RELAY_URL", "")  # http://source:password@host:port of an Icecast
NGUON_RELAY_PUBLIC_URL = os.environ.get("NGUON_RELAY_PUBLIC_URL", "")  # where devices hear it
NGUON_MAX_AUDIO_MINUTES = int(os.environ.get("NGUON_MAX_AUDIO_MINUTES", "60"))
NGUON_MAX_UPLOAD_MB = int(os.environ.get("NGUON_MAX_UPLOAD_MB", "200"))
NGUON_VIDEO_MB = int(os.environ.get("NGUON_VIDEO_MB", "200"))  # largest film for boards
NGUON_VIDEO_MINUTES = int(os.environ.get("NGUON_VIDEO_MINUTES", "3"))  # longest film for boards
NGUON_ARCHIVE_ROOT = os.environ.get("NGUON_ARCHIVE_ROOT", "")  # folders of old recordings that officers may import
NGUON_ARCHIVE_MINUTES = int(os.environ.get("NGUON_ARCHIVE_MINUTES", "240"))  # longest old recording
NGUON_ARCHIVE_FILE_MB = int(os.environ.get("NGUON_ARCHIVE_FILE_MB", "2000"))  # largest uploaded file or zip
NGUON_ARCHIVE_RESERVE_MB = int(os.environ.get("NGUON_ARCHIVE_RESERVE_MB", "1000"))  # free disk imports, copies leave
NGUON_ASR_MODEL = os.environ.get("NGUON_ASR_MODEL", "")  # a folder with a model of speech: recordings are transcribed
NGUON_TRANSCRIBERS = ["nguon.plugs.transcribers.sherpa.Sherpa"] if NGUON_ASR_MODEL else []
NGUON_BASEMAP = os.environ.get("NGUON_BASEMAP", "")  # empty: that of the demonstration
NGUON_PHOTO_DAYS = int(os.environ.get("NGUON_PHOTO_DAYS", "90"))  # photos of screens are kept so long
NGUON_HELD_PHOTO_DAYS = int(os.environ.get("NGUON_HELD_PHOTO_DAYS", "14"))  # photos of cases held as abuse
NGUON_HELD_PHOTO_MB = int(os.environ.get("NGUON_HELD_PHOTO_MB", "500"))  # all of them together
NGUON_CASE_PREFIX = os.environ.get(
    "NGUON_CASE_PREFIX", ""
)  # two letters codes of cases begin with; empty: of the territory
NGUON_OFFICE_HOURS = os.environ.get("NGUON_OFFICE_HOURS", "7:00-11:30, 13:30-17:00")  # deadlines in hours count these
NGUON_MAX_TEXT = int(os.environ.get("NGUON_MAX_TEXT", "30000"))  # characters of one bulletin
NGUON_VOICE_SECONDS = int(os.environ.get("NGUON_VOICE_SECONDS", "180"))  # for all accounts together, a short text
NGUON_VAULT_KEY = os.environ.get("NGUON_VAULT_KEY", "")  # keys of the secrets of accounts; empty: DATA/vault.key
NGUON_REVIEWED = {  # what is approved, who speaks for it
    "newsroom.version": "nguon.newsroom.reviewed.BulletinVersion",
    "board.edition": "nguon.channels.board.feeds.reviewed.SourceEdition",
    "portal.edition": "nguon.portal.reviewed.PageEdition",
    "portal.paper": "nguon.portal.reviewed.SitePaper",
    "feedback.answer": "nguon.feedback.reviewed.CaseAnswer",
    "portal.survey": "nguon.portal.surveys.reviewed.SurveySheet",
    "portal.event": "nguon.portal.events.reviewed.SiteEvent",
}
NGUON_ALERT_REACH = int(os.environ.get("NGUON_ALERT_REACH", "50"))  # clusters an alert may reach with two signers
NGUON_KEPT = "nguon.alerts.sirens.kept"  # the sounds that every device has at any time (`programme.compile`)
NGUON_ALERT_DISK_MB = int(os.environ.get("NGUON_ALERT_DISK_MB", "64"))  # of the data folder's disk, kept for alerts
NGUON_SMTP_URL = os.environ.get("NGUON_SMTP_URL", "")  # who is on duty is told by e-mail through it
NGUON_SMTP_FROM = os.environ.get("NGUON_SMTP_FROM", "")
NGUON_NOTICE_URL = os.environ.get("NGUON_NOTICE_URL", "")  # a gateway for messages on telephones (docs/notices.md)
NGUON_NOTICE_SECRET = os.environ.get("NGUON_NOTICE_SECRET", "")
_FALLBACK = os.environ.get("NGUON_NOTICE_FALLBACK", "").split(",")
NGUON_NOTICE_FALLBACK = [said.strip() for said in _FALLBACK if said.strip()]  # told in any case
NGUON_NOTICES: dict[str, tuple[str, ...]] = {  # ways of telling, the surest first, and what each is made of
    **({"nguon.plugs.notices.webhook.Webhook": (NGUON_NOTICE_URL, NGUON_NOTICE_SECRET)} if NGUON_NOTICE_URL else {}),
    **({"nguon.plugs.notices.smtp.Smtp": (NGUON_SMTP_URL, NGUON_SMTP_FROM)} if NGUON_SMTP_URL else {}),
} or {"nguon.plugs.notices.loud.Loud": ()}
NGUON_PUBLIC_URL = os.environ.get("NGUON_PUBLIC_URL", "")  # as everybody reaches the server, without a path
NGUON_LINK_NETWORKS = os.environ.get("NGUON_LINK_NETWORKS", "")  # of our own, in which sources and feeds may be
NGUON_PUSH = os.environ.get("NGUON_PUSH", "1") == "1"  # people may ask to be told on their telephones
NGUON_PUSH_CONTACT = os.environ.get("NGUON_PUSH_CONTACT", "")  # mailto: or https:, for push services; empty: PUBLIC_URL
NGUON_PUSH_SERVICES = os.environ.get(  # the push services of browsers; with a dot in front: whatever is below it
    "NGUON_PUSH_SERVICES",
    "fcm.googleapis.com,jmt17.google.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com",
)
NGUON_FORGOTTEN = "nguon.config.forgotten.scrub"  # who drops what the engine keeps of erased rows
NGUON_HUSH = "nguon.programme.hushing.held_back"  # who knows the quiet hours (`delivery.hush`)
NGUON_WATCHED = {  # what asks for a second person, and how it is carried out
    "people.create": "nguon.people.watched.CREATE",
    "people.give-role": "nguon.people.watched.GIVE_ROLE",
    "people.end-role": "nguon.people.watched.END_ROLE",
    "people.reset-password": "nguon.people.watched.RESET_PASSWORD",
    "people.factors-reset": "nguon.people.watched.TAKE_AWAY",
    "keys.make": "nguon.keys.watched.RENEW",
    "keys.revoke": "nguon.keys.watched.REVOKE",
    "keys.revoke-person": "nguon.keys.watched.REVOKE_PERSON",
    "links.source-create": "nguon.links.watched.CREATE",
    "links.source-change": "nguon.links.watched.CHANGE",
    "links.source-end": "nguon.links.watched.END",
    "programme.policy-create": "nguon.programme.watched.CREATE",
    "programme.policy-change": "nguon.programme.watched.CHANGE",
    "programme.policy-end": "nguon.programme.watched.END",
}
NGUON_AUDIO_GUARDS = [  # a file may be heard if one of these says so
    "nguon.media.trial_queries.may_hear",
    "nguon.newsroom.queries.may_hear",
    "nguon.media.music_queries.may_hear",
    "nguon.archive.queries.may_hear",
    "nguon.delivery.queries.may_hear",
    "nguon.programme.inbox.may_hear",
    "nguon.monitor.queries.may_hear",
    "nguon.live.queries.may_hear",
    "nguon.alerts.queries.may_hear",
]
