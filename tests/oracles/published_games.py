"""Worked examples of games with the solutions their sources print, and those that follow from the definitions.

`printed` holds the digits of the source; `solutions` the same examples to ten decimals, as computed from the
definitions. Tables are in order of the bit mask: bit i of the position is player i.
"""

EXAMPLES = [
    {
        "name": "TVA 1938 (navigation, flood control, power), thousand USD",
        "source": "Straffin & Heaney (1981) Game theory and the TVA, IJGT 10:35-43; Ransmeier (1942)",
        "kind": "cost",
        "table": [0, 163520, 140826, 301607, 250096, 378821, 367370, 412584],
        "solutions": {
            "shapley": [117829.0, 100756.5, 193998.5],
            "nucleolus": [116234.0, 93540.0, 202810.0],
            "scrb": [117475.5416145388, 99157.2947092908, 195951.1636761704],
            "ensc": [119424.0, 107973.0, 185187.0],
            "per_capita_nucleolus": [120841.3333333333, 105138.3333333333, 186604.3333333334],
        },
        "printed": {
            "shapley": [117829, 100756.5, 193998.5],
            "nucleolus": [116234, 93540, 202810],
            "scrb": [117476, 99157, 195951],
        },
    },
    {
        "name": "Airport problem 8/11/13/18",
        "source": "Wikipedia, Airport problem",
        "kind": "cost",
        "table": [0, 8, 11, 11, 13, 13, 13, 13, 18, 18, 18, 18, 18, 18, 18, 18],
        "solutions": {
            "shapley": [2.0, 3.0, 4.0, 9.0],
            "nucleolus": [3.25, 3.25, 3.25, 8.25],
        },
        "printed": {
            "shapley": [2, 3, 4, 9],
        },
    },
    {
        "name": "Gloves L={1}, R={2,3}",
        "source": "classic; CoopGame test 15.2",
        "kind": "profit",
        "table": [0, 0, 0, 1, 0, 1, 0, 1],
        "solutions": {
            "shapley": [0.6666666667, 0.1666666667, 0.1666666667],
            "nucleolus": [1.0, 0.0, 0.0],
        },
        "printed": {
            "shapley": [0.6666666667, 0.1666666667, 0.1666666667],
            "nucleolus": [1.0, 0.0, 0.0],
        },
    },
    {
        "name": "Gloves L={1,2}, R={3}",
        "source": "Wiese p. 65 (CoopGame test 15.4)",
        "kind": "profit",
        "table": [0, 0, 0, 0, 0, 1, 1, 1],
        "solutions": {
            "shapley": [0.1666666667, 0.1666666667, 0.6666666667],
            "nucleolus": [0.0, 0.0, 1.0],
        },
        "printed": {
            "shapley": [0.1666666667, 0.1666666667, 0.6666666667],
            "nucleolus": [0.0, 0.0, 1.0],
        },
    },
    {
        "name": "CoopGame shapley test 15.1",
        "source": "CoopGame 0.2.2 tests",
        "kind": "profit",
        "table": [0, 2, 4, 18, 5, 14, 9, 24],
        "solutions": {
            "shapley": [9.5, 8.0, 6.5],
            "nucleolus": [11.5, 7.0, 5.5],
        },
        "printed": {
            "shapley": [9.5, 8.0, 6.5],
        },
    },
    {
        "name": "Young 1985 per-capita example (savings of C=(15,20,55,35,61,65,78))",
        "source": "Young (1985) Cost Allocation p. 68 via CoopGame help/test 69.1",
        "kind": "profit",
        "table": [0, 0, 0, 0, 0, 9, 10, 12],
        "solutions": {
            "shapley": [2.1666666667, 2.6666666667, 7.1666666667],
            "nucleolus": [1.0, 1.5, 9.5],
            "per_capita_nucleolus": [0.6666666667, 1.1666666667, 10.1666666667],
        },
        "printed": {
            "per_capita_nucleolus": [0.6666666667, 1.1666666667, 10.1666666667],
        },
    },
    {
        "name": "CoopGame 4-player nucleolus / modiclus example",
        "source": "CoopGame 0.2.2 help",
        "kind": "profit",
        "table": [0, 0, 0, 5, 0, 5, 9, 13, 0, 8, 10, 15, 8, 16, 17, 21],
        "solutions": {
            "shapley": [3.9166666667, 5.25, 5.25, 6.5833333333],
            "nucleolus": [3.5, 4.5, 5.5, 7.5],
        },
        "printed": {
            "nucleolus": [3.5, 4.5, 5.5, 7.5],
        },
    },
    {
        "name": "Ferguson 3-player",
        "source": "Ferguson lecture notes coal.pdf (CoopGame test 49.1)",
        "kind": "profit",
        "table": [0, -1, 0, 3, 1, 4, 2, 5],
        "solutions": {
            "shapley": [1.6666666667, 1.1666666667, 2.1666666667],
            "nucleolus": [2.6666666667, 0.6666666667, 1.6666666667],
        },
        "printed": {
            "nucleolus": [2.6666666667, 0.6666666667, 1.6666666667],
        },
    },
    {
        "name": "CoopGame tau 73.1",
        "source": "CoopGame test 73.1",
        "kind": "profit",
        "table": [0, 0, 0, 2, 0, 2, 3, 5],
        "solutions": {
            "shapley": [1.3333333333, 1.8333333333, 1.8333333333],
            "nucleolus": [1.0, 2.0, 2.0],
        },
        "printed": {},
    },
    {
        "name": "CoopGame Gately 60.1",
        "source": "CoopGame test 60.1",
        "kind": "profit",
        "table": [0, 0, 0, 4, 0, 0, 3, 6],
        "solutions": {
            "shapley": [1.6666666667, 3.1666666667, 1.1666666667],
            "nucleolus": [1.5, 3.5, 1.0],
        },
        "printed": {},
    },
    {
        "name": "CoopGame proportional nucleolus 68.1",
        "source": "CoopGame test 68.1",
        "kind": "profit",
        "table": [0, 20, 200, 210, 0, 40, 200, 350],
        "solutions": {
            "shapley": [65.0, 235.0, 50.0],
            "nucleolus": [63.3333333333, 243.3333333333, 43.3333333333],
            "proportional_nucleolus": [36.9918699187, 291.6666666667, 21.3414634146],
        },
        "printed": {
            "proportional_nucleolus": [36.992, 291.667, 21.341],
        },
    },
    {
        "name": "Gambarelli Banzhaf",
        "source": "Gambarelli (2011) via CoopGame help",
        "kind": "profit",
        "table": [0, 0, 0, 1, 0, 2, 1, 3],
        "solutions": {
            "shapley": [1.1666666667, 0.6666666667, 1.1666666667],
            "nucleolus": [1.25, 0.5, 1.25],
        },
        "printed": {},
    },
    {
        "name": "Maschler-Solan-Zamir flat sharing (savings of 300,270,280,410,410,410,550)",
        "source": "CoopGame costSharingGame help; savings vector read there",
        "kind": "profit",
        "table": [0, 0, 0, 160, 0, 170, 140, 300],
        "solutions": {
            "shapley": [108.3333333333, 93.3333333333, 98.3333333333],
            "nucleolus": [116.6666666667, 86.6666666667, 96.6666666667],
        },
        "printed": {},
    },
    {
        "name": "Weighted voting 50/49/1 quota 51",
        "source": "CoopGame test 15.8",
        "kind": "profit",
        "table": [0, 0, 0, 1, 0, 1, 0, 1],
        "solutions": {
            "shapley": [0.6666666667, 0.1666666667, 0.1666666667],
            "nucleolus": [1.0, 0.0, 0.0],
        },
        "printed": {
            "shapley": [0.6666666667, 0.1666666667, 0.1666666667],
        },
    },
    {
        "name": "Owen value, unions {1,2},{3}",
        "source": "shapley-numba 0.1.5 documentation (owen)",
        "kind": "profit",
        "table": [0, 0, 0, 80, 0, 100, 0, 100],
        "unions": [[0, 1], [2]],
        "solutions": {
            "owen": [70.0, 20.0, 10.0],
            "shapley": [63.3333333333, 13.3333333333, 23.3333333333],
        },
        "printed": {
            "owen": [70, 20, 10],
        },
    },
]
