import type { RepositoryAddress } from "./viewing.ts";

/** A label to be created. */
export interface NewLabel {
  readonly name: string;
  /** Up to 100 characters. */
  readonly description: string;
}

/**
 * What came of creating a label. `exists`: somebody else's, which stays as it is. `not_permitted`: the App lacks the
 * permission, so it's refused everywhere in the installation.
 */
export type LabelCreation = "created" | "exists" | "not_permitted" | "refused";

/** The labels of repositories where the App is installed. Every method rejects with a `ViewingTrouble`, with GitHub's error as its cause, when GitHub doesn't answer. */
export interface RepositoryLabels {
  /** Null where the App can't read them. @param installationId the App's on the owner */
  names(repository: RepositoryAddress, installationId: number): Promise<readonly string[] | null>;
  /** Never changes a label. The bot's client keeps GitHub's pace of one write a second. */
  create(
    repository: RepositoryAddress,
    installationId: number,
    label: NewLabel,
  ): Promise<LabelCreation>;
}
