import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";

/** Keeps spans inside the process, also after it was shut down. */
export class KeepingExporter extends InMemorySpanExporter {
  kept: ReturnType<InMemorySpanExporter["getFinishedSpans"]> = [];

  override shutdown(): Promise<void> {
    this.kept = [...this.getFinishedSpans()];
    return super.shutdown();
  }
}
