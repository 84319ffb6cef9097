import { signal } from "@preact/signals";
import type { Device, Id } from "../../shared/types";
import { request } from "../session/session";

export const phones = signal<ReadonlyMap<Id, Device> | null>(null);

export async function loadPhones(): Promise<void> {
  const found = new Map<Id, Device>();
  let after: string | null = null;
  do {
    const page: { devices: Device[]; next?: string | null } = await request("GET", "/v1/devices", {
      query: { limit: 500, after },
    });
    for (const device of page.devices) found.set(device.id, device);
    after = page.next ?? null;
  } while (after);
  phones.value = found;
}

/** A phone as a live event shows it, whole: one that signed in just now is new to the list. */
export function keepHealth(device: Device): void {
  if (phones.value) phones.value = new Map(phones.value).set(device.id, device);
}
