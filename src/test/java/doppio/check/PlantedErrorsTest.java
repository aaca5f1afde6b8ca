package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.Plant.Kind;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Right modules pass, whatever they are made of, and an error in one term of one gradient is found
 * where it is.
 *
 * <p>An ordinary build draws 200 of each; {@code -Dgradientcheck.modules=2000} draws as many as the
 * library was proved with, and {@code -Dgradientcheck.seed=} others than those that the check was
 * written with.
 */
class PlantedErrorsTest {
  private static final int MODULES = Integer.getInteger("gradientcheck.modules", 200);
  private static final long FIRST = Long.getLong("gradientcheck.seed", 0);

  private static final List<Kind> KINDS =
      List.of(Kind.SIGN, Kind.MISSING_TERM, Kind.FACTOR, Kind.STALE_BUFFER, Kind.WRONG_INDEX);

  /** An error that changes no gradient by more of itself is none at this point. */
  private static final double NOTICEABLE = 1e-4;

  /** A gradient that is so much smaller than the largest is zero but for rounding. */
  private static final double ROUNDING = 1e-12;

  @Test
  void modulesWithoutAPlantedErrorPass() {
    List<String> alarms = new ArrayList<>();
    Map<String, Integer> drawn = new TreeMap<>();
    for (long seed = FIRST; seed < FIRST + MODULES; seed++) {
      RandomModule r = new RandomModule(seed);
      count(drawn, r.training ? "training mode" : "evaluation mode");
      count(drawn, "rank " + r.input.rank());
      count(drawn, String.format("outputs times 1e%+03d", 4 * Math.round(r.scale / 4)));
      r.module.namedModules().values().forEach(m -> count(drawn, m.getClass().getSimpleName()));
      try {
        r.check();
      } catch (AssertionError e) {
        alarms.add(seed + ": " + e.getMessage());
      }
    }
    System.out.println("Right modules: " + MODULES + ", " + drawn);
    assertThat(alarms).isEmpty();
  }

  @Test
  void plantedErrorsAreFoundWhereTheyAre() {
    List<String> missed = new ArrayList<>();
    List<String> misplaced = new ArrayList<>();
    Map<String, Integer> drawn = new TreeMap<>();
    int planted = 0;
    int nested = 0;
    for (long seed = FIRST + 1_000_000; planted < MODULES; seed++) {
      RandomModule r = new RandomModule(seed);
      String path = plant(r, seed);
      if (path == null || !isNoticeable(seed)) {
        count(drawn, path == null ? "no place" : "not noticeable");
        continue;
      }
      planted++;
      nested += path.isEmpty() ? 0 : 1;
      String name = r.module.get(path).getClass().getSimpleName();
      count(drawn, name);
      count(drawn, plantOf(r, seed).kind().toString());
      count(drawn, "depth " + (path.isEmpty() ? 0 : path.split("\\.").length));
      String what = seed + ": " + plantOf(r, seed) + " in " + path + " " + name;
      try {
        r.check();
        missed.add(what);
      } catch (AssertionError e) {
        if (!path.isEmpty() && !e.getMessage().contains(r.door(path))) {
          misplaced.add(what + ": " + e.getMessage());
        }
      }
    }
    System.out.println("Planted errors: " + planted + ", " + nested + " of them nested, " + drawn);
    System.out.println("Missed: " + missed.size() + " " + missed);
    System.out.println("Misplaced: " + misplaced.size() + " " + misplaced);
    assertThat(missed).hasSizeLessThanOrEqualTo(planted / 200);
    assertThat(misplaced).hasSizeLessThanOrEqualTo(nested / 40);
  }

  private static String plant(RandomModule r, long seed) {
    Map.Entry<String, Module> bed = bedOf(r, seed);
    Plant plant = bed == null ? null : plantOf(r, seed);
    if (plant == null) {
      return null;
    }
    ((Plant.Bed) bed.getValue()).plant(plant);
    return bed.getKey();
  }

  private static Map.Entry<String, Module> bedOf(RandomModule r, long seed) {
    List<Map.Entry<String, Module>> beds = r.beds();
    return beds.isEmpty() ? null : beds.get((int) (new Generator(seed).random32() % beds.size()));
  }

  /** An error for the bed that the seed chooses; null if it has no place for this kind. */
  @SuppressWarnings("EnumOrdinal") // any kind but the first, by chance
  private static Plant plantOf(RandomModule r, long seed) {
    Generator random = new Generator(seed + 2);
    Kind kind = KINDS.get((int) (random.random32() % KINDS.size()));
    int places = ((Plant.Bed) bedOf(r, seed).getValue()).places(kind);
    if (places == 0) {
      return null;
    }
    int place = (int) (random.random32() % places);
    return new Plant(kind, place, random.random32() % 3 == 0 ? (int) (random.random32() % 6) : -1);
  }

  /** Whether the error changes a gradient in the second batch, with the first one's masks. */
  private static boolean isNoticeable(long seed) {
    RandomModule right = new RandomModule(seed);
    RandomModule wrong = new RandomModule(seed);
    plant(wrong, seed);
    List<Tensor> expected = gradients(right, seed);
    List<Tensor> actual = gradients(wrong, seed);
    double largest = 0;
    for (Tensor g : expected) {
      for (double v : g.data()) {
        largest = Math.max(largest, Math.abs(v));
      }
    }
    for (int k = 0; k < expected.size(); k++) {
      for (int i = 0; i < expected.get(k).size(); i++) {
        double e = expected.get(k).data()[i];
        double change = Math.abs(actual.get(k).data()[i] - e);
        if (change > NOTICEABLE * Math.abs(e) && change > ROUNDING * largest) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Tensor> gradients(RandomModule r, long seed) {
    if (r.training) {
      r.module.train();
    } else {
      r.module.eval();
    }
    State state = new State(r.module);
    Tensor y = r.module.forward(RandomTensors.normal(seed + 3, r.input.shape()));
    r.module.backward(RandomTensors.normal(seed + 4, y.shape()));
    r.module.zeroGrad();
    state.restore();
    r.module.forward(r.input);
    List<Tensor> all = new ArrayList<>();
    all.add(r.module.backward(RandomTensors.normal(seed + 5, y.shape())).copy());
    r.module.parameters().stream().map(Parameter::grad).map(Tensor::copy).forEach(all::add);
    return all;
  }

  private static void count(Map<String, Integer> counts, String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
