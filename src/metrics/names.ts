/** How the names of the bot's own metrics begin; those of the process begin with `process_` and `nodejs_`. */
export const PREFIX = "copilot_task_bot_";
