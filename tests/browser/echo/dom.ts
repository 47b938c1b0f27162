// As much of the DOM as the page uses; the project's library has none.

/** An element of the page. */
export interface PageElement {
  textContent: string | null;
  className: string;
  hidden: boolean;
  /** Of `<details>`. */
  open: boolean;
  /** Of a form's controls. */
  value: string;
  checked: boolean;
  disabled: boolean;
  readonly dataset: Record<string, string | undefined>;
  append(...children: (PageElement | string)[]): void;
  prepend(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
  focus(): void;
}

declare const document: {
  getElementById(id: string): PageElement | null;
  createElement(tag: string): PageElement;
};

/** The element that the page has under an id. */
export function byId(id: string): PageElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

/** A new element. Text is always text: nothing that a server says becomes markup. */
export function element(tag: string, className: string, ...children: (PageElement | string)[]): PageElement {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}
