/** An attribute that names an element: `id="a"`, `href="#a"`, `aria-labelledby="a"`. */
const NAMING =
  /(\s(?:id|aria-labelledby|aria-describedby)=")([^"]+)|(\s(?:xlink:)?href="#)([^"]+)/g;

/** A reference to an element in a property: `url(#a)`. */
const URL_REFERENCE = /url\((['"]?)#([^)'"]+)\1\)/g;

/**
 * Makes an SVG part of a page: its ids get a prefix, so that they don't meet those of others.
 *
 * @param svg The text of the SVG, as the plots of this folder return it.
 * @param prefix What the ids begin with.
 * @returns The text to insert.
 */
export function inlineSvg(svg: string, prefix: string): string {
  return svg.slice(svg.indexOf("<svg")).replace(
    /<[^>]+>/g,
    (tag) =>
      tag
        .replace(
          NAMING,
          (_, name, id, href, target) =>
            name ? `${name}${prefix}${id}` : `${href}${prefix}${target}`,
        )
        .replace(URL_REFERENCE, `url(#${prefix}$2)`),
  );
}
