import { signal } from "@preact/signals";
import { t } from "../i18n/tongue";
import { Dialog } from "./dialog";

interface Question {
  title: string;
  text: string;
  yes: string;
  no?: string;
  danger?: boolean;
  answer(yes: boolean): void;
}

const question = signal<Question | null>(null);

/** Ask yes or no over the page; answers false on Escape. */
export function ask(words: Omit<Question, "answer">): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...words,
      answer(yes) {
        question.value = null;
        resolve(yes);
      },
    };
  });
}

/** Where questions appear; once in the page. */
export function Questions() {
  const asked = question.value;
  if (!asked) return null;
  return (
    <Dialog title={asked.title} onCancel={() => asked.answer(false)}>
      <p>{asked.text}</p>
      <div class="buttons end">
        <button type="button" class="button" onClick={() => asked.answer(false)}>
          {asked.no ?? t("common.back")}
        </button>
        <button
          type="button"
          class={`button ${asked.danger ? "danger" : "primary"}`}
          onClick={() => asked.answer(true)}
        >
          {asked.yes}
        </button>
      </div>
    </Dialog>
  );
}
