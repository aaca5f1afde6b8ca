package doppio.fuzz;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Linear;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import doppio.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The target of Jazzer for checkpoints, which are safetensors files with a meaning. */
public final class CheckpointFuzzer {
  private static final Generator GENERATOR = new Generator(1);
  private static final Linear MODEL = new Linear(2, 2, GENERATOR);
  private static final Adam OPTIMIZER = new Adam(MODEL.parameters(), 0.1);
  private static final Scheduler SCHEDULER = new Scheduler(OPTIMIZER, Schedule.cosine(10));
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(MODEL).optimizer(OPTIMIZER).scheduler(SCHEDULER).generator("g", GENERATOR);
  private static final FuzzedReader READER = new FuzzedReader(CheckpointFuzzer::load);

  private CheckpointFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }

  private static Object load(Path file) throws IOException {
    Map<String, Tensor> before = state();
    try {
      return CHECKPOINT.load(file);
    } catch (IOException | IllegalArgumentException e) {
      Map<String, Tensor> after = state();
      before.forEach(
          (name, tensor) -> {
            if (!Arrays.equals(tensor.data(), after.get(name).data())) {
              throw new AssertionError(name + " changed by a file that was refused", e);
            }
          });
      throw e;
    }
  }

  private static Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    MODEL.stateDict().forEach((name, tensor) -> state.put("model " + name, tensor.copy()));
    OPTIMIZER.stateDict().forEach((name, tensor) -> state.put("optimizer " + name, tensor.copy()));
    SCHEDULER.stateDict().forEach((name, tensor) -> state.put("scheduler " + name, tensor.copy()));
    state.put("random", Tensor.full(Arrays.hashCode(GENERATOR.state())));
    return state;
  }
}
