package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Campaign;
import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gradients of deep and nested networks of random shapes. */
class RandomNetworksTest {
  private static final int NETWORKS = Campaign.rounds(250);
  private static final int[] WIDTHS = {1, 2, 3, 5, 7, 8, 11};
  private static final int[] BATCHES = {1, 2, 3, 5, 7};

  private final Generator random = new Generator(2024);

  @Test
  @Tag("once")
  void gradientsAreThoseOfTheOutput() {
    Set<Integer> batches = new TreeSet<>();
    Set<Integer> widths = new TreeSet<>();
    int checked = 0;
    for (int seed = 0; seed < NETWORKS; seed++) {
      int in = pick(WIDTHS);
      int batch = pick(BATCHES);
      Module network = network(in, 1 + choice(4), 2);
      Tensor x =
          choice(8) == 0 ? RandomTensors.normal(seed, in) : RandomTensors.normal(seed, batch, in);
      GradientCheck.check(network, x, 1e-6);
      batches.add(batch);
      widths.add(in);
      checked++;
    }
    assertThat(checked).isEqualTo(NETWORKS);
    assertThat(batches).hasSize(BATCHES.length);
    assertThat(widths).hasSize(WIDTHS.length);
  }

  /** A chain of linear layers, activations and, down to some depth, chains and residual blocks. */
  private Sequential network(int in, int length, int depth) {
    List<Module> modules = new ArrayList<>();
    int width = in;
    for (int i = 0; i < length; i++) {
      int next = pick(WIDTHS);
      modules.add(new Linear(width, next, choice(4) > 0, random));
      modules.add(activation());
      width = next;
      if (depth > 0 && choice(3) == 0) {
        modules.add(residual(width, depth - 1));
      }
      if (depth > 0 && choice(3) == 0) {
        modules.add(network(width, 1, depth - 1));
        width = width(modules);
      }
    }
    return new Sequential(modules.toArray(new Module[0]));
  }

  private Module residual(int width, int depth) {
    Sequential body = network(width, 1, depth);
    return new ResidualBlock(new Sequential(body, new Linear(width(List.of(body)), width, random)));
  }

  /** The width that the last linear layer leaves. */
  private static int width(List<Module> modules) {
    for (int i = modules.size() - 1; i >= 0; i--) {
      List<Parameter> parameters = modules.get(i).parameters();
      if (!parameters.isEmpty()) {
        return parameters.get(parameters.size() - 1).value().dim(0);
      }
    }
    throw new AssertionError("a network without a linear layer");
  }

  private Module activation() {
    return switch (choice(7)) {
      case 0 -> new ReLU();
      case 1 -> new LeakyReLU(0.1);
      case 2 -> new Sigmoid();
      case 3 -> new Softmax();
      case 4 -> new Dropout(0.5, random);
      default -> new Tanh();
    };
  }

  private int pick(int[] values) {
    return values[choice(values.length)];
  }

  private int choice(int n) {
    return (int) (random.random32() % n);
  }
}
