/** The form of a label by which links find their definitions; no two that GitHub takes for one differ in it. */
export function labelKey(label: string): string {
  if (/^[a-z0-9-]+$/u.test(label)) return label;
  return label.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase().replaceAll(/\s+/gu, "");
}
