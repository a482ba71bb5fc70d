/** A text as it begins a sentence. */
export const capitalized = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** A text as it stands within a sentence. */
export const uncapitalized = (text: string) => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
