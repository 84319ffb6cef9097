import { useState } from "preact/hooks";
import { type Trouble, troubleOf } from "../ui/problem";

/** One thing is done to the job at a time, and what went wrong with it is shown in one place. */
export interface Acting {
  busy: boolean;
  trouble: Trouble | null;
  act(what: () => Promise<void>): Promise<void>;
}

export function useActing(before: () => void): Acting {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  return {
    busy,
    trouble,
    async act(what) {
      before();
      setBusy(true);
      setTrouble(null);
      try {
        await what();
      } catch (error) {
        setTrouble(troubleOf(error));
      } finally {
        setBusy(false);
      }
    },
  };
}
