package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Characters;
import doppio.data.Sequences;
import doppio.loss.CrossEntropy;
import doppio.nn.GRU;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Stepper;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.train.ProgressBar;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Invents words, character by character: a recurrent network learns which character comes next in a
 * list of words, and then writes words of its own, each character drawn from what it expects.
 *
 * <p>A fifth of the words is kept from it. Of a thousand that it writes, those among the kept ones
 * are real words that it has not seen.
 */
public final class Words {
  private static final Path FILE = Path.of("src/examples/resources/words.txt");

  /** Stands before and behind each word. */
  private static final String EDGE = "\n";

  private static final double TRAINING_PART = 0.8;
  private static final int WIDTH = 96;
  private static final int EPOCHS = 25;
  private static final int INVENTED = 1000;
  private static final int SHOWN = 40;
  private static final int LONGEST = 40;

  private final Characters characters;
  private final Module model;
  private final Generator generator;

  private Words(Characters characters, Generator generator) {
    this.characters = characters;
    this.generator = generator;
    int size = characters.size();
    model = new Sequential(new GRU(size, WIDTH, generator), new Linear(WIDTH, size, generator));
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Invents words after a list of them.")
            .option("data", "a file of lines (" + FILE + ")")
            .option("epochs", "how often it reads the words (" + EPOCHS + ")")
            .option("temperature", "less is tamer, more is wilder (0.8)")
            .option("words", "how many it invents (" + INVENTED + ")")
            .seed()
            .parse(args);
    Generator generator = new Generator(options.number("seed", 0, 66));
    double temperature = options.positive("temperature", 0.8);
    Path file = options.file("data", FILE);
    String[] lines =
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .distinct()
            .toArray(String[]::new);
    if (lines.length < 2) {
      throw UsageException.wrong("--data expects a file of two lines at least, got " + file);
    }
    List<String> shuffled = new ArrayList<>();
    for (int i : generator.permutation(lines.length)) {
      shuffled.add(lines[i]);
    }
    int cut = Math.max(1, (int) Math.round(TRAINING_PART * lines.length));
    Set<String> read = new HashSet<>(shuffled.subList(0, cut));
    Set<String> kept = new HashSet<>(shuffled.subList(cut, lines.length));

    Words example = new Words(Characters.of(EDGE + String.join(EDGE, lines)), generator);
    example.train(shuffled.subList(0, cut), options.number("epochs", 1, EPOCHS));
    example.report(options.number("words", 1, INVENTED), temperature, read, kept);
  }

  /** At each character of a word, the edge before it included, the next one is to be said. */
  private void train(List<String> words, int epochs) {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> targets = new ArrayList<>();
    for (String word : words) {
      inputs.add(characters.oneHot(EDGE + word));
      targets.add(characters.indices(word + EDGE));
    }
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 5e-3))
        .epochs(epochs)
        .batchSize(32)
        .shuffle(generator)
        .schedulePerEpoch(Schedule.cosine(epochs))
        .callback(new ProgressBar(System.out))
        .fit(new Sequences(inputs, targets));
  }

  private void report(int count, double temperature, Set<String> read, Set<String> kept) {
    List<String> invented = new ArrayList<>();
    Stepper stepper = model.stepper();
    for (int i = 0; i < count; i++) {
      invented.add(word(stepper, temperature));
    }
    System.out.println();
    System.out.println(
        String.join(" ", invented.stream().filter(w -> !read.contains(w)).limit(SHOWN).toList()));
    System.out.println();
    System.out.println(
        String.format(
            Locale.ROOT,
            "Of %d words at temperature %s, %d are different ones:",
            count,
            temperature,
            new HashSet<>(invented).size()));
    System.out.println(
        String.format(
            "  %4d of the %d words that it has read", found(invented, read).size(), read.size()));
    List<String> real = found(invented, kept);
    System.out.println(
        String.format(
            "  %4d of the %d that it has not seen: %s",
            real.size(), kept.size(), String.join(" ", real)));
  }

  private static List<String> found(List<String> invented, Set<String> words) {
    return invented.stream().filter(words::contains).toList();
  }

  /** A word of its own: each character is drawn, and is what the next step answers. */
  private String word(Stepper stepper, double temperature) {
    stepper.reset();
    StringBuilder word = new StringBuilder();
    int edge = (int) characters.indices(EDGE).get(0);
    int last = edge;
    for (int i = 0; i < LONGEST; i++) {
      last = draw(stepper.step(characters.oneHot(last)).data(), temperature);
      if (last == edge) {
        break;
      }
      word.append(characters.text(Tensor.of(last)));
    }
    return word.toString();
  }

  /** An index with the probabilities of the softmax of logits / temperature. */
  private int draw(double[] logits, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      weights[i] = StrictMath.exp((logits[i] - largest) / temperature);
      sum += weights[i];
    }
    double left = generator.uniform() * sum;
    int index = 0;
    while (index < weights.length - 1 && left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }
}
