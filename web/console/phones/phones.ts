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

/** A phone's health as a live event brings it; members it leaves out stay as they were. */
export function keepHealth(device: Partial<Device> & { id: Id }): void {
  const held = phones.value?.get(device.id);
  if (phones.value && held) phones.value = new Map(phones.value).set(device.id, { ...held, ...device });
}
