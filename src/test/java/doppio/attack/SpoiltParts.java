package doppio.attack;

import doppio.Generator;
import doppio.Tensor;
import doppio.attack.Targets.Target;
import doppio.loss.Loss;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** For constructors that make a module again: the parts of another such module, one of them bad. */
final class SpoiltParts {
  private static final int TIMES = 30;

  private SpoiltParts() {}

  static List<Attack.Twist> of(Target target, Instances instances) {
    List<Attack.Twist> twists = new ArrayList<>();
    Class<?>[] types = target.code().getParameterTypes();
    if (target.code() instanceof Constructor && types.length == 1 && types[0] == Parts.class) {
      for (int i = 0; i < TIMES; i++) {
        twists.add(
            (receiver, arguments, random) ->
                arguments[0] = spoilt(instances.make(target.type(), random), random));
      }
    }
    return twists;
  }

  private static Parts spoilt(Object original, Random random) {
    Parts parts =
        original instanceof Module module
            ? Parts.of(module)
            : Parts.ofSettings(((Loss) original).describe().settings());
    Map<String, Object> settings = new LinkedHashMap<>(parts.settings());
    Map<String, Parameter> parameters = new LinkedHashMap<>(parts.parameters());
    Map<String, Tensor> buffers = new LinkedHashMap<>(parts.buffers());
    Map<String, Generator> generators = new LinkedHashMap<>(parts.generators());
    Map<String, Module> children =
        original instanceof Module module ? module.children() : new LinkedHashMap<>();
    spoil(settings, setting(random), random);
    if (random.nextBoolean()) {
      spoil(parameters, new Parameter(Tensor.zeros(1 + random.nextInt(2), 5)), random);
      spoil(buffers, Tensor.zeros(random.nextInt(4)), random);
      spoil(children, new Linear(3, 1), random);
      spoil(generators, new Generator(1), random);
    }
    return new Parts(settings, parameters, buffers, children, generators);
  }

  private static Object setting(Random random) {
    Object[] choice = {
      0,
      -1,
      3,
      Integer.MAX_VALUE,
      1 << 30,
      Double.NaN,
      "none",
      true,
      List.of(),
      List.of(1),
      List.of(2, 2),
      List.of(-1, 0),
      List.of(0.5, Double.NaN)
    };
    return choice[random.nextInt(choice.length)];
  }

  private static <V> void spoil(Map<String, V> map, V other, Random random) {
    if (map.isEmpty() || random.nextBoolean()) {
      return;
    }
    List<String> names = List.copyOf(map.keySet());
    String name = names.get(random.nextInt(names.size()));
    if (random.nextInt(3) == 0) {
      map.remove(name);
    } else {
      map.put(name, other);
    }
  }
}
