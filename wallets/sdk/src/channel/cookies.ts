// The cookies by which a load balancer finds the process that holds a session (spec 03 §7.4).

/** The cookies of one connection. */
export class Cookies {
  readonly #values = new Map<string, string>();

  /** Takes what an answer's headers or trailers set; one with an empty value is forgotten. */
  take(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";", 1);
      const at = pair.indexOf("=");
      if (at <= 0) continue;
      const name = pair.slice(0, at).trim();
      const value = pair.slice(at + 1).trim();
      if (value === "") this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }

  /** The headers of the next request. */
  headers(): Record<string, string> {
    if (this.#values.size === 0) return {};
    return { cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  /** Forgets all: the session they belonged to is no more. */
  clear(): void {
    this.#values.clear();
  }
}
