package doppio.check;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.PlantedComposites.Beside;
import doppio.check.PlantedComposites.Direct;
import doppio.check.PlantedComposites.Multiply;
import doppio.check.PlantedComposites.Shortcut;
import doppio.check.PlantedLayers.Affine;
import doppio.check.PlantedLayers.Convolve;
import doppio.check.PlantedLayers.Mask;
import doppio.check.PlantedLayers.MaxOfPairs;
import doppio.check.PlantedLayers.Norm;
import doppio.check.PlantedLayers.Recur;
import doppio.check.PlantedLayers.Soften;
import doppio.check.PlantedLayers.Swish;
import doppio.check.PlantedLayers.Times;
import doppio.nn.Composite;
import doppio.nn.Concat;
import doppio.nn.Dropout;
import doppio.nn.Layer;
import doppio.nn.LeakyReLU;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Tanh;
import doppio.own.Product;
import doppio.own.Skip;
import doppio.own.Square;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A right module, an input for it and a mode, all by a seed. */
final class RandomModule {
  final Module module;
  final Tensor input;
  final boolean training;

  /** The power of ten that the outputs are scaled by. */
  final double scale;

  private final Generator random;
  private final Generator shared;
  private int width;

  RandomModule(long seed) {
    random = new Generator(seed);
    shared = new Generator(seed + 1);
    training = choice(2) == 0;
    scale = 16 * random.uniform() - 8;
    int features = 1 + choice(6);
    width = features;
    module = root();
    Tensor x = RandomTensors.normal(seed, shape(features));
    double spread = Math.pow(10, random.uniform() - 0.5);
    for (int i = 0; i < x.size(); i++) {
      x.data()[i] *= spread;
    }
    input = x;
  }

  void check() {
    if (training) {
      GradientCheck.checkTraining(module, input);
    } else {
      GradientCheck.check(module, input);
    }
  }

  /** The modules that an error can be planted in, by path. */
  List<Map.Entry<String, Module>> beds() {
    return module.namedModules().entrySet().stream()
        .filter(e -> e.getValue() instanceof Plant.Bed)
        .toList();
  }

  /**
   * How a message names the module at a path, or the one around it that calls it without a pass.
   */
  String door(String path) {
    Module found = module.get(path);
    int dot = path.lastIndexOf('.');
    String above = dot < 0 ? "" : path.substring(0, dot);
    boolean alone =
        found instanceof Layer
            || found instanceof Composite
            || module.get(above) instanceof Composite;
    String name = found.getClass().getSimpleName();
    if (path.isEmpty()) {
      return " of " + name + ":";
    }
    String root = module.getClass().getSimpleName();
    return alone ? " of " + name + " (layer " + path + " of " + root + "):" : door(above);
  }

  private Module root() {
    return switch (choice(12)) {
      case 0 -> layer();
      case 1 -> composite(1);
      default -> new Sequential(chain(1 + choice(4), 2), new Times(Math.pow(10, scale)));
    };
  }

  private Sequential chain(int length, int depth) {
    List<Module> modules = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      modules.add(depth > 0 && choice(3) == 0 ? composite(depth - 1) : layer());
    }
    return new Sequential(modules.toArray(new Module[0]));
  }

  private Module composite(int depth) {
    return switch (choice(9)) {
      case 0 -> chain(2, depth);
      case 1 -> new Residual(same(depth));
      case 2 -> {
        int in = width;
        Module body = chain(1 + choice(2), depth);
        yield new Residual(body, new Linear(in, width, random));
      }
      case 3 -> new Skip(same(depth));
      case 4 -> new Product(same(depth), same(depth));
      case 5 -> branches(depth, false);
      case 6 -> branches(depth, true);
      case 7 -> new Multiply(same(depth), same(depth));
      default -> choice(2) == 0 ? new Shortcut(same(depth)) : new Direct(chain(1, depth));
    };
  }

  /** A chain that ends at the width at which it begins. */
  private Module same(int depth) {
    int before = width;
    Sequential chain = chain(1 + choice(2), depth);
    Module back =
        choice(2) == 0 ? new Linear(width, before, random) : new Affine(width, before, seed());
    width = before;
    return new Sequential(chain, back);
  }

  private Module branches(int depth, boolean own) {
    int before = width;
    Module left = chain(1 + choice(2), depth);
    int leftWidth = width;
    width = before;
    Module right = chain(1, depth);
    width += leftWidth;
    return own ? new Beside(left, right) : new Concat(left, right);
  }

  private Module layer() {
    return switch (choice(18)) {
      case 0 -> new Linear(width, widen(), choice(3) > 0, random);
      case 1 -> new ReLU();
      case 2 -> new LeakyReLU(0.1);
      case 3 -> new Sigmoid();
      case 4 -> new Tanh();
      case 5 -> new Softmax();
      case 6 -> new Dropout(0.4, choice(2) == 0 ? shared : new Generator(seed()));
      case 7 -> new Square();
      case 8 -> new Soften();
      case 9 -> new Swish(seed());
      case 10 -> new Convolve(seed());
      case 11 -> {
        width = (width + 1) / 2;
        yield new MaxOfPairs();
      }
      case 12 -> new Recur(seed());
      case 13 -> new Mask(seed());
      case 14, 15 -> new Norm(width, seed());
      default -> new Affine(width, widen(), seed());
    };
  }

  private int widen() {
    width = 1 + choice(6);
    return width;
  }

  private int[] shape(int features) {
    return switch (choice(8)) {
      case 0 -> new int[] {features};
      case 1 -> new int[] {2, 3, features};
      case 2 -> new int[] {choice(2), features};
      default -> new int[] {2 + choice(4), features};
    };
  }

  private long seed() {
    return random.random32();
  }

  private int choice(int n) {
    return (int) (random.random32() % n);
  }
}
