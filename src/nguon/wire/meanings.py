"""What each field, stage, reason and rung means, for the documentation of the protocol. A test keeps it complete."""

from nguon.wire.ladder import Level
from nguon.wire.messages import Reason, Stage

COMMON = {
    "id": "Id of this message. Of a play order: the id of the broadcast.",
    "at": "When the sender made it, by the sender's clock. Of orders: when they were issued.",
}
_DEVICE = "The device it is for. Any other refuses it (`not-for-me`)."
_ORDER = {
    "issuer": "The place that gives the order. One of the signers must be this place's, or one of its people.",
    "seq": "Number of the order, rising by issuer. Not above the highest known, unknown and expired: a replay.",
    "not_before": "The order does not hold before this moment.",
}

_FILE = {
    "url": "Where to fetch the bytes. A path is on the server the device enrolled with.",
    "sha256": "Hash of the whole file. Bytes with another hash are never used.",
    "size": "Length of the file.",
}

FIELDS: dict[str, dict[str, str]] = {
    "document": _FILE,
    "content": _FILE | {"duration": "Length of the sound.", "mime": "Form of the file."},
    "stream": {
        "urls": "Where the sound is, tried in this order; from the last on to the first again.",
        "duration": "How long it is to sound: whatever comes, it ends then.",
        "silence": "After so long without sound the next address is tried; 0 means never.",
    },
    "play": _ORDER
    | {
        "expires": "After this moment it is not begun any more, nor gone on with; what sounds by then may end.",
        "level": "Rung of the priority ladder.",
        "content": "The file to play; or",
        "stream": "the stream to play. One of the two is there.",
        "channel": "Kind of device the order is for. A device of another kind in the same area says nothing to it.",
        "start": "Not before this moment; 0 means as soon as the file is there.",
        "begin_by": "What has not begun by then does not begin: *expired*. 0 means `expires`. Only in a plan.",
        "cut": "Whether it may end anywhere (a relay, music): then it begins though quiet hours will end it.",
        "volume": "Volume for this broadcast; absent means the volume of the settings.",
        "areas": "Areas this is for. A device is meant if one of its own areas is here.",
        "devices": "Devices this is for, besides the areas.",
        "title": "Words for a display or a log; Vietnamese, NFC.",
        "drill": "An exercise of an emergency: one signer is enough, and quiet hours and volumes by hour hold.",
    },
    "stop": _ORDER
    | {
        "expires": "For the memory of devices: how long a late play order of this broadcast must be kept silent.",
        "broadcast": "The broadcast to end; absent means whatever sounds or was due by `at`.",
        "channel": "As in play.",
        "areas": "As in play.",
        "devices": "As in play.",
    },
    "settings": {
        "version": "Counts up. Settings with a version not above the held one are ignored.",
        "areas": "The areas of this device: subscribe to exactly these topics, and its own.",
        "device": _DEVICE,
        "volume": "Ordinary volume, from the next sound on: what sounds now goes on as it began.",
        "vitals_every": "How often to send vitals.",
        "proof": "Whether the device sends back the sound it played (see Proof).",
        "warm_up": "How long before the sound the amplifier is switched on.",
        "stagger": "How much later than `start` a planned sound begins, so that neighbours do not blur each other.",
        "data_budget": "What may be fetched in a month; beyond it only what is due in two hours. Absent: no limit.",
        "right": "For a screen of somebody else: outside it nothing is accepted, nor goes on. Absent: ours.",
        "photos": "Photos of its screen that the office wants (see Photo). Absent: none.",
        "scene": "For a device that shows: what it shows when no order is on, and beside one. Absent: the hour.",
    },
    "photos": {
        "asked": "Id of the newest request: answered once, with a photo or with the word that none can be taken.",
        "every": "How often to take one by itself, while something is shown. Absent: never.",
    },
    "keys": {
        "version": "Counts up. Keys with a version not above the held one change nothing.",
        "device": _DEVICE,
        "authorities": "All that may give orders to this device. What is not here counts no more.",
        "revoked": "Keys of people that count no more, though an authority vouches for them.",
    },
    "authority": {
        "place": "The place; one of the device's areas.",
        "rank": "0 for the topmost, higher for those below.",
        "key": "Its public key, Ed25519.",
        "until": "From then on it does not count.",
        "alone": "Whether its one signature does for an emergency at the devices of lower ranks: it has its own two.",
    },
    "delegate": {
        "place": "The authority that vouches; its key seals this.",
        "person": "Id of the person: two keys of one person are one signer.",
        "key": "The person's public key, Ed25519.",
        "until": "Until before then.",
    },
    "new-plan": {
        "version": "Counts up, by device. A version not above the held one is ignored.",
        "document": "The plan, to be fetched from the server (section 7).",
        "device": _DEVICE,
    },
    "plan": {
        "made": "When it was made.",
        "until": "What is due up to then is in it.",
        "plays": "What plays. `start` and `begin_by` are always there.",
        "quiet": "Quiet hours: nothing below the rung of emergencies begins or goes on.",
        "limits": "Volumes by hour: the strictest that holds when a sound begins, but for emergencies. "
        "For a screen: how bright it may be at any moment.",
        "fetch": "When to fetch what is not due soon: hours in which the network is idle.",
        "keep": "Sounds to have on disk as long as the plan holds: sirens, which nobody announces.",
    },
    "right": {
        "spans": "The hours in which it may be used, absolute. None: not at all.",
        "area": "The part of the screen. Absent: all of it.",
    },
    "area": {
        "left": "Percent of the width, from the left edge.",
        "top": "Percent of the height, from the upper edge.",
        "width": "Percent of the width.",
        "height": "Percent of the height.",
    },
    "span": {"start": "From then on.", "end": "Until before then."},
    "limit": {
        "start": "From then on.",
        "end": "Until before then.",
        "most": "At most this volume; of a screen, this brightness.",
    },
    "ack": {"seqs": "Numbers of receipts that are stored. Forget these, and only these."},
    "receipt": {
        "broadcast": "The `id` of the play order.",
        "stage": "What happened.",
        "seq": "Number of this receipt, rising by device; kept when the receipt is sent again.",
        "reason": "Why, for the stages failed, stopped, expired and refused.",
        "detail": "Words for a technician.",
        "position": "How much of the content has been heard.",
        "sha256": "Hash of the file that was played.",
    },
    "vitals": {
        "volume": "Volume in force.",
        "playing": "Broadcast that sounds now.",
        "power": "Source of power: mains, battery, solar, or the maker's own word.",
        "temperature": "Of the box, degrees Celsius.",
        "signal": "Strength of the radio signal: RSRP of LTE and 5G, RSCP or RSSI of older ones, the level of Wi-Fi.",
        "disk_free": "Free space for content.",
        "clock_offset": "Error of the clock of the device's machine, measured against `/api/1/time`.",
        "software": "Name and version of the device's program.",
        "held": "Broadcasts received and not over.",
        "settings": "Version of the settings in force; the server sends newer ones if this is behind.",
        "plan": "Version of the plan in force; the server sends a newer one if this is behind.",
        "keys": "Version of the keys in force; the server sends newer ones if this is behind.",
        "planned_until": "Up to when that plan goes.",
        "planned_ready": "How much of the files in that plan is on disk.",
        "data_used": "What was fetched and sent since the first of the month.",
    },
    "refusal": {
        "reason": "Why it was not believed.",
        "sha256": "Hash of the bytes that were heard, the last of them.",
        "count": "How many there were since the last word about this reason.",
        "key": "The key that was claimed.",
        "order": "The order that was claimed.",
    },
    "presence": {
        "online": "Whether the device is connected.",
        "software": "Name and version of the device's program.",
    },
}

STAGES: dict[Stage, str] = {
    Stage.RECEIVED: "The order is understood, meant for this device, and kept on its disk.",
    Stage.READY: "The file is on disk and waits its turn; what begins at once only tells `started`.",
    Stage.STARTED: "Sound comes out (also when it goes on after a pre-emption).",
    Stage.PREEMPTED: "A higher rung sounds instead; it goes on afterwards, from `position`.",
    Stage.FINISHED: "Played to the end.",
    Stage.FAILED: "Tried, and could not; `reason` says why.",
    Stage.STOPPED: "Ended, or never begun, because of a stop order.",
    Stage.EXPIRED: "Its time ran out first.",
    Stage.REFUSED: "Not accepted; not remembered, so that the same order may be right later.",
}
FINAL = (Stage.FINISHED, Stage.FAILED, Stage.STOPPED, Stage.EXPIRED, Stage.REFUSED)

REASONS: dict[Reason, str] = {
    Reason.NONE: "Nothing to say.",
    Reason.FETCH: "The file could not be fetched before the order expired.",
    Reason.HASH: "The bytes fetched are not those of the hash.",
    Reason.DISK: "No room to keep it.",
    Reason.PLAYER: "The player failed.",
    Reason.LATE: "It came, or became ready, after its expiry; or, planned, later than `begin_by`.",
    Reason.BUSY: "Planned, and something else sounded until `begin_by`.",
    Reason.QUIET: "Quiet hours stood in the way.",
    Reason.OFF: "Planned, and the device had no power at that time.",
    Reason.RELAY: "No address of the stream gave any sound.",
    Reason.CLOCK: "The device does not know the time well enough.",
    Reason.NOT_FOR_ME: "Neither this device nor one of its areas is named in the order.",
    Reason.UNSIGNED: "It bears no signature.",
    Reason.MALFORMED: "The order could not be read.",
    Reason.UNKNOWN: "An order of an unknown type.",
    Reason.STOPPED: "A stop order came.",
    Reason.FORGED: "The signature is not that of the key it names, or the bytes were changed.",
    Reason.UNKNOWN_KEY: "Signed with a key that is none of the device's authorities', nor of anybody they vouch for.",
    Reason.KEY_OVER: "The key was taken back, or its time is over.",
    Reason.RANK: "The signer may not say this: only the topmost authority may change settings and keys.",
    Reason.ISSUER: "None of the signers is the issuer's.",
    Reason.SIGNERS: "An emergency without two people, or an authority above that has its own two.",
    Reason.REPLAYED: "It was over long ago: somebody kept it.",
    Reason.FUTURE: "Issued in the future, or not yet in force.",
    Reason.RIGHT: "Outside the hours of the right to this screen.",
}

LEVELS: dict[Level, str] = {
    Level.STOP: "A stop order: always obeyed, never a sound.",
    Level.EMERGENCY: "Emergency (khẩn cấp).",
    Level.LIVE: "Live voice (trực tiếp).",
    Level.PRIORITY: "Priority (ưu tiên).",
    Level.ORDINARY: "Ordinary (thông thường).",
    Level.RELAY: "Relay of another station (tiếp âm).",
    Level.FILLER: "Music while waiting (nhạc chờ).",
    Level.SILENCE: "Nothing.",
}
