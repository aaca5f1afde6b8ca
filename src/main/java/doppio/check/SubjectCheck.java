package doppio.check;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** One module at one input for one gradient: what it promises, then element by element. */
final class SubjectCheck {
  private static final int SAMPLE = 100;
  private static final long SAMPLE_SEED = 3;

  private final Subject subject;
  private final double tolerance;
  private final Set<Parameter> provedBelow;
  private final boolean hasParts;

  /**
   * @param provedBelow the parameters of the modules below that have been checked alone
   * @param hasParts whether there are such modules
   */
  SubjectCheck(Subject subject, double tolerance, Set<Parameter> provedBelow, boolean hasParts) {
    this.subject = subject;
    this.tolerance = tolerance;
    this.provedBelow = provedBelow;
    this.hasParts = hasParts;
  }

  void run() {
    Tensor output = subject.forward();
    State after = new State(subject.module);
    Spoiler spoiler = new Spoiler();
    Gradients gradients = subject.gradients(spoiler);
    Rounding rounding = new Rounding(subject, gradients);
    new Promises(subject, tolerance, gradients, rounding).check(output, after, spoiler);
    compare(gradients, rounding);
  }

  private void compare(Gradients gradients, Rounding rounding) {
    Probe probe = new Probe(subject::outputs, subject.cotangent.data());
    Comparison comparison = new Comparison(probe, subject.title, tolerance, !hasParts);
    gradients
        .byName()
        .forEach(
            (name, gradient) -> {
              Parameter p = subject.trained.get(name);
              Tensor point = p == null ? subject.input : p.value();
              elements(p, point.size())
                  .forEach(
                      i ->
                          comparison.compare(
                              name, point, i, gradient.data()[i], e -> rounding.of(name, e)));
            });
    comparison.finish();
  }

  /** All elements; a sample of a large parameter that has been checked already. */
  private IntStream elements(Parameter p, int size) {
    if (size <= SAMPLE || !provedBelow.contains(p)) {
      return IntStream.range(0, size);
    }
    Generator random = new Generator(SAMPLE_SEED);
    TreeSet<Integer> sample = new TreeSet<>();
    while (sample.size() < SAMPLE) {
      sample.add((int) (random.random32() % size));
    }
    return sample.stream().mapToInt(Integer::intValue);
  }
}
