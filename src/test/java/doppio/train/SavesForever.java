package doppio.train;

import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Saves one checkpoint after the other; each holds one number everywhere, one more each time. */
public final class SavesForever {
  final Module model = new Sequential(new Linear(64, 128), new Linear(128, 64));
  final Optimizer optimizer = new Adam(model.parameters(), 0);

  private SavesForever() {}

  /** The argument is the file. */
  public static void main(String[] args) throws IOException {
    new SavesForever().run(Path.of(args[0]), Long.MAX_VALUE);
  }

  /** Goes on from a file with one save. */
  static void saveOnce(Path file) throws IOException {
    new SavesForever().run(file, 1);
  }

  private void run(Path file, long times) throws IOException {
    Checkpoint checkpoint = new Checkpoint(model).optimizer(optimizer);
    double number = Files.exists(file) ? checkpoint.load(file).get("number").get() : 0;
    model.parameters().forEach(p -> p.accumulator().fill(1));
    optimizer.step();
    for (long i = 0; i < times; i++) {
      number++;
      double fill = number;
      model.stateDict().values().forEach(t -> t.fill(fill));
      optimizer.stateDict().forEach((name, t) -> t.fill(name.contains("buffer") ? fill : 0));
      checkpoint.save(file, Map.of("number", Tensor.full(number)));
      if (times > 1) {
        System.out.write('.');
        System.out.flush();
      }
    }
  }

  /** Loads a file, checks that it holds one number everywhere, and returns it. */
  public static double check(Path file) throws IOException {
    SavesForever loaded = new SavesForever();
    double number =
        new Checkpoint(loaded.model).optimizer(loaded.optimizer).load(file).get("number").get();
    loaded.model.stateDict().forEach((name, t) -> checkAll(name, t, number));
    loaded
        .optimizer
        .stateDict()
        .forEach(
            (name, t) -> {
              if (name.contains("buffer")) {
                checkAll(name, t, number);
              }
            });
    return number;
  }

  private static void checkAll(String name, Tensor t, double number) {
    for (double value : t.data()) {
      if (value != number) {
        throw new AssertionError(name + " holds " + value + " but the file's number is " + number);
      }
    }
  }
}
