"""Notifications as a phone has them: asked for, subscribed to, shown, tapped.

`pushManager.subscribe` waits for ever in a browser that reaches no push service: here it answers with a
subscription whose keys the test has. What the browser asks of the worker is answered too. All else is the
browser's own.
"""

import asyncio
import json
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page

from naryad.domain.push_address import WebPushAddress

SUBSCRIBED = """({ made, key }) => {
  const KEPT = "subscribed";  // like a real one, a subscription outlives its page
  let kept = key && { made, key };
  if (self.localStorage) kept = JSON.parse(localStorage.getItem(KEPT));
  const keep = (one) => { kept = one; self.localStorage?.setItem(KEPT, JSON.stringify(one)); };
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const subscription = () => kept && {
    endpoint: kept.made.endpoint,
    options: { userVisibleOnly: true, applicationServerKey: bytes(kept.key).buffer },
    toJSON: ((made) => () => made)(kept.made),
    unsubscribe: async () => { keep(null); return true; },
  };
  PushManager.prototype.getSubscription = async () => subscription();
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    const allowed = userVisibleOnly && Notification.permission === "granted";
    if (!allowed) throw new DOMException("", "NotAllowedError");
    if (!kept) keep({ made, key: applicationServerKey });
    return subscription();
  };
  if (self.window) Notification.requestPermission = async () => {
    await window.answerPermission();
    return Notification.permission;
  };
}"""

CHANGED = f"""async (given) => {{
  ({SUBSCRIBED})(given);
  const change = new ExtendableEvent("pushsubscriptionchange");
  let done;
  change.waitUntil = (promise) => {{ done = promise; }};
  self.dispatchEvent(change);
  await done;
}}"""
"""The browser has another subscription by itself, and tells the service worker."""

SUBSCRIBED_WITH = 'JSON.parse(localStorage.getItem("subscribed"))?.key ?? null'

SHOWN = """navigator.serviceWorker.ready
  .then((one) => one.getNotifications())
  .then((all) => all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url })))"""


TAP = """async () => {
  let opened = "";
  Object.defineProperty(self.clients, "openWindow", {
    configurable: true,
    value: async (url) => { opened = url; },  // allowed to a finger only
  });
  const [notification] = await self.registration.getNotifications();
  const tap = new NotificationEvent("notificationclick", { notification });
  let done;
  tap.waitUntil = (promise) => { done = promise; };
  self.dispatchEvent(tap);
  await done.catch((error) => {
    if (error.name !== "InvalidAccessError") throw error;  // focus: to a finger only, too
  });
  return opened;
}"""
"""A finger on the notification; answers the address of a new window, if one is asked for."""


async def set_permission(page: Page, setting: str) -> None:
    """`granted`, `denied`, or `prompt`: not asked yet. It lasts as long as the session that set it."""
    session = await page.context.new_cdp_session(page)
    told = {"permission": {"name": "notifications"}, "setting": setting}
    await session.send("Browser.setPermission", told)


async def subscribable(context: BrowserContext, address: WebPushAddress, answer: str = "granted") -> None:
    """Pages of this browser subscribe at this address; asked, the worker's answer is `answer`."""
    page = context.pages[0]
    await set_permission(page, "prompt")
    await context.expose_function("answerPermission", lambda: set_permission(page, answer))
    await context.add_init_script(f"({SUBSCRIBED})({json.dumps(given(address))})")


def given(address: WebPushAddress, key: str | None = None) -> dict[str, Any]:
    """For SUBSCRIBED and CHANGED; `key`: the server's, for which it is subscribed already."""
    keys = {"p256dh": address.p256dh, "auth": address.auth}
    return {"made": {"endpoint": address.endpoint, "expirationTime": None, "keys": keys}, "key": key}


class PushLine:
    """The way from the push service to the browser's service worker, also with no page of the app open."""

    def __init__(self, session: CDPSession, origin: str) -> None:
        self._session = session
        self._origin = origin
        self._registrations: dict[str, str] = {}
        session.on("ServiceWorker.workerRegistrationUpdated", self._note)

    def _note(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self._registrations[one["scopeURL"]] = one["registrationId"]

    async def deliver(self, text: str) -> None:
        """As the browser does with what it decrypted."""
        async with asyncio.timeout(60):
            while (registration := self._registrations.get(f"{self._origin}/app/")) is None:
                await asyncio.sleep(0.05)
        told = {"origin": self._origin, "registrationId": registration, "data": text}
        await self._session.send("ServiceWorker.deliverPushMessage", told)


async def push_line(page: Page, origin: str) -> PushLine:
    """Held by this page; it may show another address by then, but must stay open."""
    session = await page.context.new_cdp_session(page)
    line = PushLine(session, origin)
    await session.send("ServiceWorker.enable")
    return line
