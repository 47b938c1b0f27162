// The URLs of report services, as addresses name them (spec 03 §6.4, §7.1).

const FOG_URL = /^(fog|insecure-fog):\/\/([^:/?#@\s][^/?#@\s]*)(\/[^?#\s]*)?(\?[^#\s]*)?$/i;

/**
 * The form in which answers are looked up: with the path's last slash, and the scheme in lower case; `fog://h` and
 * `fog://h/` are one service. A port stays as it is written. Undefined for what is no URL of a report service.
 */
export function tryNormaliseFogUrl(url: string): string | undefined {
  const [, scheme, authority, path = "/", query = ""] = FOG_URL.exec(url) ?? [];
  if (scheme === undefined || authority === undefined) {
    return undefined;
  }
  return `${scheme.toLowerCase()}://${authority}${path.endsWith("/") ? path : `${path}/`}${query}`;
}
