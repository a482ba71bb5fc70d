import type { Survey } from "./survey.ts";

/** Which policy was in force: the SHAs of the two files' contents; empty where there's no file. */
export interface PolicyBlobs {
  readonly repositoryBlob: string;
  /** Empty also where the App doesn't see the organization's `.github`. */
  readonly organizationBlob: string;
}

/** Which policy files were found. */
export function blobsOf({ repository, organization }: Survey["policy"]): PolicyBlobs {
  return {
    repositoryBlob: repository.file?.blob ?? "",
    organizationBlob: organization?.file?.blob ?? "",
  };
}
