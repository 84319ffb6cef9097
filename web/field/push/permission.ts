/** What a browser can say of notifications, and on what kind of phone it runs. */
export interface Surroundings {
  /** https, or this machine itself: elsewhere a page gets neither a service worker nor pushes. */
  secure: boolean;
  /** `Notification.permission`; undefined where there are none. */
  notifications: NotificationPermission | undefined;
  /** There is a `PushManager`. */
  push: boolean;
  /** Opened from the home screen, in a window of its own. */
  installed: boolean;
  agent: string;
  touchPoints: number;
}

/** R22: whether notifications are allowed here, or what keeps the worker from allowing them. */
export type Permission = NotificationPermission | "unsupported" | "insecure" | "install";

/** The ways to permit what was once denied; each has its words, `permit.<way>`. */
export type Way =
  | "android-app"
  | "android-chrome"
  | "android-firefox"
  | "ios"
  | "chrome"
  | "firefox"
  | "safari";

export function permissionIn(around: Surroundings): Permission {
  if (!around.secure) return "insecure";
  if (around.notifications !== undefined && around.push) return around.notifications;
  return isApple(around) && !around.installed ? "install" : "unsupported";
}

export function wayIn(around: Surroundings): Way {
  const { agent } = around;
  if (isApple(around)) return "ios";
  if (/Android/.test(agent)) {
    if (/Firefox/.test(agent)) return "android-firefox";
    return around.installed ? "android-app" : "android-chrome";
  }
  if (/Firefox/.test(agent)) return "firefox";
  return /Chrom(e|ium)/.test(agent) ? "chrome" : "safari";
}

/** An iPhone, or an iPad, which says it is a Mac and has a screen to touch. */
function isApple({ agent, touchPoints }: Surroundings): boolean {
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1);
}
