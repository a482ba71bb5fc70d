import { describeAnswers } from "./answers.ts";
import { useWorld } from "./world.ts";

describeAnswers(useWorld());
