package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestEpochTest {
  @TempDir private Path folder;

  private static EpochResult epoch(int number, double loss) {
    return new EpochResult(number, loss, Double.NaN, Map.of(), 0.1, 1, 1, 1);
  }

  /** Counts how often an element is looked at. */
  private static final class Counting extends AbstractList<EpochResult> {
    private final List<EpochResult> list = new ArrayList<>();
    private int gets;

    @Override
    public EpochResult get(int i) {
      gets++;
      return list.get(i);
    }

    @Override
    public int size() {
      return list.size();
    }
  }

  @Test
  void eachEpochIsLookedAtOnce() {
    Counting epochs = new Counting();
    BestEpoch best = new BestEpoch(Monitor.trainingLoss()::merit, 0);
    for (int i = 1; i <= 1000; i++) {
      epochs.list.add(epoch(i, Math.abs(i - 500)));
      assertThat(best.update(epochs)).isEqualTo(Math.min(i, 500));
      assertThat(best.update(epochs)).isEqualTo(Math.min(i, 500));
    }
    assertThat(epochs.gets).isEqualTo(1000);
  }

  @Test
  void agreesWithAWalkOverAllEpochs() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      double minDelta = round % 2 == 0 ? 0 : 0.15;
      BestEpoch best = new BestEpoch(Monitor.trainingLoss()::merit, minDelta);
      List<EpochResult> epochs = new ArrayList<>();
      for (int i = 1; i <= 12; i++) {
        double loss = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(6) / 10.0;
        epochs.add(epoch(i, loss));
        assertThat(best.update(epochs)).isEqualTo(walk(epochs, minDelta));
      }
    }
  }

  private static int walk(List<EpochResult> epochs, double minDelta) {
    int best = 0;
    double value = 0;
    for (int i = 0; i < epochs.size(); i++) {
      double next = -epochs.get(i).trainLoss();
      if (best == 0 ? !Double.isNaN(next) : next > value + minDelta) {
        best = i + 1;
        value = next;
      }
    }
    return best;
  }

  @Test
  void aTrainingThatGoesToAnotherPlaceIsLookedAtAnew() throws IOException {
    Path file = folder.resolve("file");
    Trainer first = new Problem(1).trainer();
    first.fit(Problem.DATA);
    first.save(file);
    Trainer second = new Problem(2).trainer().epochs(5);
    BestEpoch best = new BestEpoch(Monitor.validationLoss()::merit, 0);
    second.fit(Problem.DATA);
    assertThat(best.update(second.training()))
        .isEqualTo(Monitor.validationLoss().best(second.training().history()));
    second.resume(file);
    assertThat(best.update(second.training()))
        .isEqualTo(Monitor.validationLoss().best(first.training().history()));
  }

  @Test
  void monitorsAreEqualIfTheyWatchTheSame() {
    assertThat(Monitor.highest("a"))
        .isEqualTo(Monitor.highest("a"))
        .hasSameHashCodeAs(Monitor.highest("a"))
        .isNotEqualTo(Monitor.lowest("a"))
        .isNotEqualTo(Monitor.highest("b"))
        .isNotEqualTo(null);
    assertThat(Monitor.validationLoss())
        .isEqualTo(Monitor.validationLoss())
        .isNotEqualTo(Monitor.trainingLoss())
        .isNotEqualTo(Monitor.lowest("validation loss"));
    History history = new Problem(1).trainer().fit(Problem.DATA);
    assertThatThrownBy(() -> Monitor.highest("F1").best(history))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no metric F1; there are [accuracy]");
  }
}
