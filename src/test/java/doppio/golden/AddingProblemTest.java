package doppio.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.RNN;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AddingProblemTest {
  private static final int SEEDS = 3;
  private static final int WHOLE = 1500;
  private static final int SOON = 500;
  private static final double SOLVED = 0.01;

  @SuppressWarnings("ImmutableEnumChecker") // references to constructors
  enum Kind {
    RNN(RNN::new),
    GRU(GRU::new),
    LSTM(LSTM::new);

    private final AddingProblem.Layer layer;

    Kind(AddingProblem.Layer layer) {
      this.layer = layer;
    }

    AddingProblem of(long seed) {
      return new AddingProblem(layer, seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lossesAreThoseOfPyTorchStepByStep(Kind kind) throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      double[] expected = expected(kind, seed);
      assertThat(expected).hasSize(50);
      assertThat(kind.of(seed).train(expected.length)).containsExactly(expected, within(1e-9));
    }
  }

  @Test
  @Tag("once")
  void aGatedLayerHasLearnedItWhereAPlainOneHasNotBegun() {
    AddingProblem gated = Kind.GRU.of(1);
    gated.train(SOON);
    assertThat(gated.error()).isLessThan(SOLVED);
    AddingProblem plain = Kind.RNN.of(1);
    plain.train(SOON);
    assertThat(plain.error()).isGreaterThan(10 * SOLVED);
  }

  @Test
  @EnabledIfSystemProperty(named = "doppio.long", matches = ".*")
  void gatesSolveItAndAPlainStateDoesNot() {
    assertThat(medianError(Kind.LSTM)).isLessThan(SOLVED);
    assertThat(medianError(Kind.GRU)).isLessThan(SOLVED);
    assertThat(medianError(Kind.RNN)).isGreaterThan(SOLVED);
  }

  private static double medianError(Kind kind) {
    double[] errors = new double[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
      AddingProblem problem = kind.of(i + 1);
      problem.train(WHOLE);
      errors[i] = problem.error();
    }
    Arrays.sort(errors);
    return errors[SEEDS / 2];
  }

  /** The losses that adding.py has written. */
  private static double[] expected(Kind kind, int seed) throws IOException, URISyntaxException {
    Path file = Path.of(AddingProblemTest.class.getResource("adding.csv").toURI());
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split(",", -1);
      if (cells[0].equals(kind.name()) && cells[1].equals(Integer.toString(seed))) {
        losses.add(Double.valueOf(cells[3]));
      }
    }
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
