package doppio.attack;

import doppio.attack.Targets.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Calls each target with each hostile value in each place while the other arguments are tame, with
 * one object in two places, and with several hostile values at once.
 */
final class Attack {
  /** Changes arguments that are tame so far. */
  @FunctionalInterface
  interface Twist {
    void apply(Object receiver, Object[] arguments, Random random);
  }

  private static final int TAME = 2;
  private static final int SEVERAL = 6;
  private static final int MOST_BEFORE = 3;

  private final Judge judge;
  private final Values values;
  private final Hostile hostile;
  private final Findings findings;
  private final Watch watch;
  private final Map<Class<?>, List<Target>> onInstance = new HashMap<>();
  private long calls;
  private long refused;
  private long withoutInstance;

  Attack(Values values, Judge judge, Findings findings, Watch watch) {
    this.values = values;
    this.judge = judge;
    this.findings = findings;
    this.watch = watch;
    hostile = new Hostile(values);
  }

  long calls() {
    return calls;
  }

  long refused() {
    return refused;
  }

  /** Calls for which an object could not be made. */
  long withoutInstance() {
    return withoutInstance;
  }

  /** All calls of a target; the same for the same seed, whatever other targets there are. */
  void on(Target target, long seed) {
    long before = calls;
    int number = 0;
    for (Twist twist : twists(target)) {
      Random random = new Random(seed + 31L * target.toString().hashCode() + number++);
      random.nextInt();
      call(target, twist, random);
    }
    if (calls == before) {
      findings.add(target + ": no object to call it on or with; add a recipe to Caught");
    }
  }

  private List<Twist> twists(Target target) {
    List<Twist> twists = new ArrayList<>();
    Type[] types = target.code().getGenericParameterTypes();
    for (int i = 0; i < TAME; i++) {
      twists.add((receiver, arguments, random) -> {});
    }
    for (int p = 0; p < types.length; p++) {
      int place = p;
      for (Function<Random, Object> value : hostile.of(types[p])) {
        twists.add((receiver, arguments, random) -> arguments[place] = value.apply(random));
      }
    }
    twists.addAll(Aliasing.of(target));
    twists.addAll(SpoiltParts.of(target, values.instances()));
    for (int i = 0; i < SEVERAL && types.length > 1; i++) {
      twists.add((receiver, arguments, random) -> several(types, arguments, random));
    }
    return twists;
  }

  private void several(Type[] types, Object[] arguments, Random random) {
    for (int p = 0; p < types.length; p++) {
      List<Function<Random, Object>> choice = hostile.of(types[p]);
      if (random.nextBoolean() && !choice.isEmpty()) {
        arguments[p] = choice.get(random.nextInt(choice.size())).apply(random);
      }
    }
  }

  private void call(Target target, Twist twist, Random random) {
    watch.begins(target);
    try {
      Object receiver = target.isOnInstance() ? receiver(target.type(), random) : null;
      Object[] arguments = tame(target, random);
      twist.apply(receiver, arguments, random);
      if (target.takesTime() && Hostile.asksForMuch(arguments)) {
        return;
      }
      watch.begins(target, arguments);
      calls++;
      attempt(target, receiver, arguments);
    } catch (Instances.None e) {
      // A target for which this happens each time has no calls, and that is a finding.
      withoutInstance++;
    }
  }

  private void attempt(Target target, Object receiver, Object[] arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = receiver;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Fingerprint before = Fingerprint.of(all);
    try {
      target.call(receiver, arguments);
    } catch (InvocationTargetException e) {
      refused++;
      Throwable thrown = e.getCause();
      String fault = judge.fault(target, arguments, thrown);
      if (fault.isEmpty()) {
        fault =
            before.differences(Fingerprint.of(all)).stream()
                .filter(place -> !Progress.isMade(target, place))
                .findFirst()
                .map(place -> "changed " + place.replaceAll("\\[\\d+]", "[i]"))
                .orElse("");
      }
      if (!fault.isEmpty()) {
        findings.add(target, receiver, arguments, fault, thrown);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(target.toString(), e);
    }
    Thread.interrupted();
  }

  private Object[] tame(Target target, Random random) {
    Type[] types = target.code().getGenericParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = values.of(types[i], random);
    }
    return arguments;
  }

  /** An object that has lived a little: up to three of its methods have been called. */
  private Object receiver(Class<?> type, Random random) {
    Object receiver = values.instances().make(type, random);
    List<Target> methods = onInstance.computeIfAbsent(type, Targets::onInstanceOf);
    for (int i = random.nextInt(MOST_BEFORE + 1); i > 0; i--) {
      Target before = methods.get(random.nextInt(methods.size()));
      try {
        before.call(receiver, tame(before, random));
      } catch (ReflectiveOperationException | Instances.None e) {
        // Refused: then the object is as it was.
      }
    }
    return receiver;
  }
}
